"""Drives `rulecast lsp` with the client of pygls, whose types are generated from the protocol's own model.

Usage: lsp_client.py COMMAND RULES

Opens every rule below RULES, asks every kind of question all over it, edits it, and leaves in order. Every answer must be
of the protocol's types: one that is not raises. Prints how many answers there were of each kind, and exits with 1 where
something is wrong.
"""

import asyncio
import collections
import pathlib
import sys

from lsprotocol import types
from pygls.lsp.client import LanguageClient


class Editor(LanguageClient):
    """A client that keeps what it is told, and does not pass over faults."""

    def __init__(self):
        super().__init__("rulecast-oracle", "1")
        self.problems = {}
        self.arrived = asyncio.Event()
        self.faults = []

        @self.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
        def problems(params: types.PublishDiagnosticsParams):
            self.problems[params.uri] = params
            self.arrived.set()

        @self.feature(types.CLIENT_REGISTER_CAPABILITY)
        def register(params: types.RegistrationParams):
            return None

        @self.feature(types.WINDOW_LOG_MESSAGE)
        def logged(params: types.LogMessageParams):
            self.faults.append(params.message)

    def report_server_error(self, error, source):
        self.faults.append(f"{source}: {error}")


async def settled(editor, uri, version):
    """The problems of this version of a file."""
    while True:
        told = editor.problems.get(uri)
        if told is not None and told.version == version:
            return told.diagnostics
        editor.arrived.clear()
        await asyncio.wait_for(editor.arrived.wait(), 60)


async def ask_all(editor, path, counts):
    uri, text = path.as_uri(), path.read_text(encoding="utf-8")
    document = types.TextDocumentIdentifier(uri)
    item = types.TextDocumentItem(uri=uri, language_id="yaml", version=1, text=text)
    editor.text_document_did_open(types.DidOpenTextDocumentParams(item))
    counts["problems"] += len(await settled(editor, uri, 1))
    lines = text.split("\n")
    places = [
        types.Position(number, min(len(line), column))
        for number, line in enumerate(lines)
        for column in ((len(line) - len(line.lstrip()) + 2, len(line)) if number % 5 == 0 else ())
    ]
    for at in places:
        found = await editor.text_document_completion_async(types.CompletionParams(document, at))
        counts["completion"] += len(found or [])
        counts["hover"] += await editor.text_document_hover_async(types.HoverParams(document, at)) is not None
        found = await editor.text_document_definition_async(types.DefinitionParams(document, at))
        counts["definition"] += len(found or [])
        context = types.ReferenceContext(include_declaration=False)
        found = await editor.text_document_references_async(types.ReferenceParams(context, document, at))
        counts["references"] += len(found or [])
    whole = types.Range(types.Position(0, 0), types.Position(len(lines), 0))
    context = types.CodeActionContext(diagnostics=[])
    found = await editor.text_document_code_action_async(types.CodeActionParams(document, whole, context))
    counts["actions"] += len(found or [])
    found = await editor.text_document_document_symbol_async(types.DocumentSymbolParams(document))
    counts["symbols"] += len(found or [])
    lenses = await editor.text_document_code_lens_async(types.CodeLensParams(document)) or []
    counts["lenses"] += len(lenses)
    for lens in lenses:
        command = types.ExecuteCommandParams(lens.command.command, lens.command.arguments)
        shown = await editor.workspace_execute_command_async(command)
        if not str(shown).startswith("# "):
            editor.faults.append(f"{path}: no queries")
        counts["queries"] += 1
    # The title is taken out letter by letter, as somebody deletes it.
    for version in range(2, 8):
        change = types.TextDocumentContentChangePartial(
            range=types.Range(types.Position(0, 0), types.Position(0, 1)), text=""
        )
        identifier = types.VersionedTextDocumentIdentifier(version=version, uri=uri)
        editor.text_document_did_change(types.DidChangeTextDocumentParams(identifier, [change]))
    told = await settled(editor, uri, 7)
    if text.startswith("title:") and not any(problem.severity == types.DiagnosticSeverity.Error for problem in told):
        editor.faults.append(f"{path}: a rule without `title` has no error")
    editor.text_document_did_close(types.DidCloseTextDocumentParams(document))


async def main(command, folder):
    editor, counts = Editor(), collections.Counter()
    await editor.start_io(command, "lsp")
    folders = [types.WorkspaceFolder(folder.as_uri(), folder.name)]
    watching = types.DidChangeWatchedFilesClientCapabilities(dynamic_registration=True)
    capabilities = types.ClientCapabilities(
        workspace=types.WorkspaceClientCapabilities(did_change_watched_files=watching)
    )
    greeted = await editor.initialize_async(
        types.InitializeParams(capabilities=capabilities, workspace_folders=folders)
    )
    editor.initialized(types.InitializedParams())
    for path in sorted(folder.rglob("*.yml")):
        await ask_all(editor, path, counts)
    await editor.shutdown_async(None)
    editor.exit(None)
    code = await asyncio.wait_for(editor._server.wait(), 10)
    if code != 0:
        editor.faults.append(f"exit code {code}")
    print(greeted.server_info.name, " ".join(f"{kind} {count}" for kind, count in sorted(counts.items())))
    for fault in editor.faults:
        print("fault:", fault)
    return 1 if editor.faults else 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main(sys.argv[1], pathlib.Path(sys.argv[2]).resolve())))
