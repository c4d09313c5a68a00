//! The conversation with an editor: messages in, answers and notifications out.
//!
//! One thread reads, one writes, and one does the work, message by message. Before it does any, it takes in all that has
//! arrived: so a request that is cancelled before its turn is not worked on, and problems are computed once where several
//! changes came in a row.

use crate::queries::COMMAND;
use crate::session::{Problems, Session};
use crate::text::Encoding;
use crate::uri;
use lsp_server::{Connection, ErrorCode, Message, Notification, ProtocolError, Request, RequestId, Response};
use lsp_types::notification::{self as note, Notification as _};
use lsp_types::request::{self as ask, Request as _};
use lsp_types::{
    CodeActionKind, CodeActionOptions, CodeActionParams, CodeLensOptions, CompletionOptions, CompletionParams,
    CompletionResponse, DidChangeWatchedFilesRegistrationOptions, DocumentSymbolResponse, ExecuteCommandOptions,
    FileSystemWatcher, GlobPattern, GotoDefinitionResponse, HoverProviderCapability, InitializeParams,
    LogMessageParams, MessageType, OneOf, Position, PositionEncodingKind, PublishDiagnosticsParams, Registration,
    RegistrationParams, ServerCapabilities, ShowMessageParams, TextDocumentSyncCapability, TextDocumentSyncKind, Uri,
};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, channel};
use std::thread;

/// Enough for the deepest rule that the parser accepts, in an unoptimised build.
const STACK_BYTES: usize = 64 * 1024 * 1024;

/// How a conversation ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// With `exit` after `shutdown`, as the protocol has it.
    Orderly,
    /// Without `shutdown`, or because the editor went away.
    Abruptly,
}

/// Serves an editor on standard input and output, until it says `exit` or goes away.
///
/// The error is one of the operating system: a thread that cannot be started.
pub fn run() -> std::io::Result<Ended> {
    let (connection, threads) = Connection::stdio();
    // The threads of the connection end with the streams, which may stay open behind us: nobody waits for them.
    let worker = thread::Builder::new().stack_size(STACK_BYTES).spawn(move || {
        let ended = serve(&connection);
        // What is left to say is written before the process ends.
        drop(connection);
        ended
    })?;
    let ended = worker.join().unwrap_or(Ended::Abruptly);
    if ended == Ended::Orderly {
        let _ = threads.join();
    }
    Ok(ended)
}

/// The whole conversation.
fn serve(connection: &Connection) -> Ended {
    let Ok(params) = greet(connection) else { return Ended::Abruptly };
    let watches = params
        .capabilities
        .workspace
        .as_ref()
        .and_then(|workspace| workspace.did_change_watched_files.as_ref()?.dynamic_registration)
        .unwrap_or(false);
    let encoding = encoding(&params);
    let mut server = Server { session: Session::new(encoding, folders(&params)), connection, shut_down: false };
    if watches {
        server.watch();
    }
    server.serve()
}

/// Agrees with the editor on what is to be done.
fn greet(connection: &Connection) -> Result<InitializeParams, ProtocolError> {
    let (id, params) = connection.initialize_start()?;
    // An editor that sends what we cannot read still gets what needs no agreement.
    let params: InitializeParams = serde_json::from_value(params).unwrap_or_default();
    let answer = json!({
        "capabilities": capabilities(encoding(&params)),
        "serverInfo": { "name": "rulecast", "version": env!("CARGO_PKG_VERSION") },
    });
    connection.initialize_finish(id, answer)?;
    Ok(params)
}

/// The encoding that takes the least work of those that the editor knows.
fn encoding(params: &InitializeParams) -> Encoding {
    let general = params.capabilities.general.as_ref();
    let known = general.and_then(|general| general.position_encodings.as_deref()).unwrap_or_default();
    if known.contains(&PositionEncodingKind::UTF8) {
        Encoding::Utf8
    } else if known.contains(&PositionEncodingKind::UTF32) && !known.contains(&PositionEncodingKind::UTF16) {
        Encoding::Utf32
    } else {
        Encoding::Utf16
    }
}

#[expect(deprecated, reason = "older editors name one folder")]
fn folders(params: &InitializeParams) -> Vec<std::path::PathBuf> {
    let named = params.workspace_folders.iter().flatten().filter_map(|folder| uri::path(&folder.uri));
    let named: Vec<_> = named.collect();
    if named.is_empty() { params.root_uri.iter().filter_map(uri::path).collect() } else { named }
}

fn capabilities(encoding: Encoding) -> ServerCapabilities {
    let kinds = vec![CodeActionKind::QUICKFIX, CodeActionKind::SOURCE_FIX_ALL];
    let triggers = ["|", ".", " ", "-", ":"].map(str::to_owned).to_vec();
    ServerCapabilities {
        position_encoding: Some(match encoding {
            Encoding::Utf8 => PositionEncodingKind::UTF8,
            Encoding::Utf16 => PositionEncodingKind::UTF16,
            Encoding::Utf32 => PositionEncodingKind::UTF32,
        }),
        text_document_sync: Some(TextDocumentSyncCapability::Kind(TextDocumentSyncKind::INCREMENTAL)),
        completion_provider: Some(CompletionOptions {
            trigger_characters: Some(triggers),
            ..CompletionOptions::default()
        }),
        hover_provider: Some(HoverProviderCapability::Simple(true)),
        definition_provider: Some(OneOf::Left(true)),
        references_provider: Some(OneOf::Left(true)),
        document_symbol_provider: Some(OneOf::Left(true)),
        code_action_provider: Some(
            CodeActionOptions { code_action_kinds: Some(kinds), ..CodeActionOptions::default() }.into(),
        ),
        code_lens_provider: Some(CodeLensOptions { resolve_provider: Some(false) }),
        execute_command_provider: Some(ExecuteCommandOptions {
            commands: vec![COMMAND.to_owned()],
            ..ExecuteCommandOptions::default()
        }),
        ..ServerCapabilities::default()
    }
}

struct Server<'c> {
    session: Session,
    connection: &'c Connection,
    shut_down: bool,
}

/// An answer, or why there is none.
type Answer = Result<Value, (ErrorCode, String)>;

impl Server<'_> {
    fn serve(&mut self) -> Ended {
        let incoming = self.incoming();
        let mut queue: VecDeque<Message> = VecDeque::new();
        loop {
            if queue.is_empty() {
                self.publish();
                match incoming.recv() {
                    Ok(message) => queue.push_back(message),
                    Err(_) => return Ended::Abruptly,
                }
            }
            while let Ok(message) = incoming.try_recv() {
                queue.push_back(message);
            }
            self.drop_cancelled(&mut queue);
            match queue.pop_front() {
                None => {}
                Some(Message::Notification(notification)) if notification.method == note::Exit::METHOD => {
                    return if self.shut_down { Ended::Orderly } else { Ended::Abruptly };
                }
                Some(Message::Notification(notification)) => self.notified(notification),
                Some(Message::Request(request)) => {
                    let id = request.id.clone();
                    let answer = self.asked(request);
                    self.answer(id, answer);
                }
                // That the watching of files was begun, or not: both are fine.
                Some(Message::Response(_)) => {}
            }
        }
    }

    /// All messages, taken in as they arrive.
    fn incoming(&self) -> Receiver<Message> {
        let (sender, receiver) = channel();
        let from = self.connection.receiver.clone();
        thread::spawn(move || {
            for message in from {
                if sender.send(message).is_err() {
                    break;
                }
            }
        });
        receiver
    }

    /// Answers requests that were cancelled before their turn.
    fn drop_cancelled(&self, queue: &mut VecDeque<Message>) {
        let is_cancel = |message: &Message| match message {
            Message::Notification(one) if one.method == note::Cancel::METHOD => one.params.get("id").cloned(),
            _ => None,
        };
        let cancelled: Vec<Value> = queue.iter().filter_map(is_cancel).collect();
        if cancelled.is_empty() {
            return;
        }
        queue.retain(|message| {
            let Message::Request(request) = message else { return true };
            let is_this = serde_json::to_value(&request.id).is_ok_and(|id| cancelled.contains(&id));
            if is_this {
                self.answer(request.id.clone(), Err((ErrorCode::RequestCanceled, "cancelled".to_owned())));
            }
            !is_this
        });
    }

    fn answer(&self, id: RequestId, answer: Answer) {
        self.send(match answer {
            Ok(value) => Response::new_ok(id, value).into(),
            Err((code, message)) => Response::new_err(id, code as i32, message).into(),
        });
    }

    fn send(&self, message: Message) {
        // An editor that is gone needs no answer, and the next message from it never comes.
        let _ = self.connection.sender.send(message);
    }

    fn notify<N: note::Notification>(&self, params: N::Params) {
        self.send(Notification::new(N::METHOD.to_owned(), params).into());
    }

    fn watch(&self) {
        let watcher = |glob: &str| FileSystemWatcher { glob_pattern: GlobPattern::String(glob.to_owned()), kind: None };
        let watchers = vec![watcher("**/*.{yml,yaml}"), watcher("**/rulecast.toml")];
        let options = DidChangeWatchedFilesRegistrationOptions { watchers };
        let registration = Registration {
            id: "rules".to_owned(),
            method: note::DidChangeWatchedFiles::METHOD.to_owned(),
            register_options: serde_json::to_value(options).ok(),
        };
        let params = RegistrationParams { registrations: vec![registration] };
        let id = RequestId::from("watch".to_owned());
        self.send(Request::new(id, ask::RegisterCapability::METHOD.to_owned(), params).into());
    }

    /// Sends problems that may have changed.
    fn publish(&mut self) {
        let problems = self.guarded("problems", Session::problems).unwrap_or_default();
        let (lines, of_files) = self.guarded("problems", Session::configuration_problems).unwrap_or_default();
        for message in lines {
            self.notify::<note::ShowMessage>(ShowMessageParams { typ: MessageType::ERROR, message });
        }
        problems.into_iter().chain(of_files).for_each(|problems| self.publish_of(problems));
    }

    fn publish_of(&self, Problems { uri, version, diagnostics }: Problems) {
        self.notify::<note::PublishDiagnostics>(PublishDiagnosticsParams { uri, diagnostics, version });
    }

    /// Does some work; a panic is a bug of ours, and no reason to leave the editor alone.
    fn guarded<T>(&mut self, what: &str, work: impl FnOnce(&mut Session) -> T) -> Option<T> {
        let session = &mut self.session;
        let done = catch_unwind(AssertUnwindSafe(|| work(session)));
        if done.is_err() {
            let message = format!("rulecast: a bug in `{what}`; please report it with the rule");
            self.notify::<note::LogMessage>(LogMessageParams { typ: MessageType::ERROR, message });
        }
        done.ok()
    }

    fn notified(&mut self, notification: Notification) {
        let Notification { method, params } = notification;
        match method.as_str() {
            note::DidOpenTextDocument::METHOD => {
                self.note::<note::DidOpenTextDocument>(&method, params, |session, it| {
                    session.open(it.text_document.uri, it.text_document.version, &it.text_document.text);
                })
            }
            note::DidChangeTextDocument::METHOD => {
                self.note::<note::DidChangeTextDocument>(&method, params, |session, it| {
                    session.change(&it.text_document.uri, it.text_document.version, it.content_changes);
                });
            }
            note::DidCloseTextDocument::METHOD => {
                let mut closed = None;
                self.note::<note::DidCloseTextDocument>(&method, params, |session, it| {
                    closed = session.close(&it.text_document.uri);
                });
                closed.into_iter().for_each(|problems| self.publish_of(problems));
            }
            note::DidChangeWatchedFiles::METHOD => {
                self.note::<note::DidChangeWatchedFiles>(&method, params, |session, it| {
                    let uris: Vec<Uri> = it.changes.into_iter().map(|change| change.uri).collect();
                    session.files_changed(&uris);
                });
            }
            // Saving, settings and tracing change nothing here; notifications that nobody knows are to be passed over.
            _ => {}
        }
    }

    fn note<N: note::Notification>(&mut self, method: &str, params: Value, work: impl FnOnce(&mut Session, N::Params)) {
        match serde_json::from_value::<N::Params>(params) {
            Ok(params) => {
                self.guarded(method, |session| work(session, params));
            }
            Err(error) => {
                let message = format!("rulecast: `{method}` has wrong parameters: {error}");
                self.notify::<note::LogMessage>(LogMessageParams { typ: MessageType::WARNING, message });
            }
        }
    }

    fn asked(&mut self, request: Request) -> Answer {
        let Request { method, params, .. } = request;
        if self.shut_down {
            return Err((ErrorCode::InvalidRequest, "the server is shut down".to_owned()));
        }
        match method.as_str() {
            ask::Shutdown::METHOD => {
                self.shut_down = true;
                Ok(Value::Null)
            }
            ask::Completion::METHOD => self.ask(&method, params, |session, it: CompletionParams| {
                let at = it.text_document_position;
                Some(CompletionResponse::Array(session.completion(&at.text_document.uri, at.position)))
            }),
            ask::HoverRequest::METHOD => self.ask(&method, params, |session, it: lsp_types::HoverParams| {
                let at = it.text_document_position_params;
                session.hover(&at.text_document.uri, at.position)
            }),
            ask::GotoDefinition::METHOD => self.ask(&method, params, |session, it: lsp_types::GotoDefinitionParams| {
                let at = it.text_document_position_params;
                Some(GotoDefinitionResponse::Array(session.definition(&at.text_document.uri, at.position)))
            }),
            ask::References::METHOD => self.ask(&method, params, |session, it: lsp_types::ReferenceParams| {
                let at = it.text_document_position;
                Some(session.references(&at.text_document.uri, at.position))
            }),
            ask::DocumentSymbolRequest::METHOD => {
                self.ask(&method, params, |session, it: lsp_types::DocumentSymbolParams| {
                    Some(DocumentSymbolResponse::Nested(session.symbols(&it.text_document.uri)))
                })
            }
            ask::CodeActionRequest::METHOD => self.ask(&method, params, |session, it: CodeActionParams| {
                let mut actions = session.actions(&it.text_document.uri, it.range);
                if let Some(only) = it.context.only {
                    actions.retain(|action| is_asked_for(action, &only));
                }
                Some(actions)
            }),
            ask::CodeLensRequest::METHOD => self.ask(&method, params, |session, it: lsp_types::CodeLensParams| {
                Some(session.lenses(&it.text_document.uri))
            }),
            ask::ExecuteCommand::METHOD => self.execute(&method, params),
            _ => Err((ErrorCode::MethodNotFound, format!("`{method}` is not a request that is known here"))),
        }
    }

    fn ask<P: DeserializeOwned, R: serde::Serialize>(
        &mut self,
        method: &str,
        params: Value,
        work: impl FnOnce(&mut Session, P) -> Option<R>,
    ) -> Answer {
        let params: P = serde_json::from_value(params)
            .map_err(|error| (ErrorCode::InvalidParams, format!("`{method}` has wrong parameters: {error}")))?;
        let failed = || (ErrorCode::InternalError, format!("a bug in `{method}`; please report it with the rule"));
        let answer = self.guarded(method, |session| work(session, params)).ok_or_else(failed)?;
        serde_json::to_value(answer).map_err(|error| (ErrorCode::InternalError, error.to_string()))
    }

    fn execute(&mut self, method: &str, params: Value) -> Answer {
        let params: lsp_types::ExecuteCommandParams = serde_json::from_value(params)
            .map_err(|error| (ErrorCode::InvalidParams, format!("`{method}` has wrong parameters: {error}")))?;
        if params.command != COMMAND {
            return Err((ErrorCode::InvalidParams, format!("there is no command `{}`", params.command)));
        }
        let Some((uri, at)) = params.arguments.first().and_then(place) else {
            return Err((ErrorCode::InvalidParams, format!("`{COMMAND}` takes one argument, `{{uri, position}}`")));
        };
        self.ask(method, Value::Null, |session, (): ()| session.queries(&uri, at))
    }
}

/// A place, as the command takes it.
fn place(argument: &Value) -> Option<(Uri, Position)> {
    let uri = argument.get("uri")?.as_str()?.parse().ok()?;
    Some((uri, serde_json::from_value(argument.get("position")?.clone()).ok()?))
}

/// Whether an action is of one of these kinds, or of a kind below one.
fn is_asked_for(action: &lsp_types::CodeActionOrCommand, only: &[CodeActionKind]) -> bool {
    let lsp_types::CodeActionOrCommand::CodeAction(action) = action else { return false };
    let Some(kind) = &action.kind else { return false };
    only.iter().any(|one| {
        let rest = kind.as_str().strip_prefix(one.as_str());
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.') || one.as_str().is_empty())
    })
}
