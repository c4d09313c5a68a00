// The editor: a plain text area, with the numbers of its lines beside it and marks of problems behind it.
"use strict";

class Editor {
  constructor(area, gutter, marks) {
    Object.assign(this, { area, gutter, marks });
    this.problems = [];
    this.lines = 0;
    area.addEventListener("scroll", () => this.align());
    area.addEventListener("input", () => this.number());
    area.addEventListener("keydown", (event) => {
      if (event.key === "F8") {
        event.preventDefault();
        this.step(event.shiftKey ? -1 : 1);
      }
    });
  }

  get text() {
    return this.area.value;
  }

  set text(text) {
    this.area.value = text;
    this.area.scrollTop = 0;
    this.number();
    this.mark([]);
  }

  number() {
    const lines = this.text.split("\n").length;
    if (lines === this.lines) return;
    this.lines = lines;
    this.gutter.textContent = Array.from({ length: lines }, (_, line) => line + 1).join("\n");
  }

  align() {
    this.gutter.scrollTop = this.area.scrollTop;
    this.marks.scrollTop = this.area.scrollTop;
    this.marks.scrollLeft = this.area.scrollLeft;
  }

  /** Shows where problems are. */
  mark(problems) {
    const text = this.text;
    const starts = lineStarts(text);
    this.problems = problems.map((problem) => ({ ...problem, ...this.range(text, starts, problem) }));
    const pieces = [];
    let at = 0;
    for (const { from, to, severity } of this.problems.toSorted((a, b) => a.from - b.from)) {
      // Of two marks at one place the first is shown.
      if (from < at) continue;
      pieces.push(text.slice(at, from));
      const mark = document.createElement("mark");
      mark.className = `pg-${severity}`;
      mark.textContent = text.slice(from, to);
      pieces.push(mark);
      at = to;
    }
    pieces.push(text.slice(at), "\n");
    this.marks.replaceChildren(...pieces);
    this.align();
  }

  /** The place of a problem in the text: from its start to the end of the line at most. */
  range(text, starts, { line, column, end_line, end_column }) {
    const start = starts[Math.min(line, starts.length) - 1];
    const end = line < starts.length ? starts[line] - 1 : text.length;
    const letters = Array.from(text.slice(start, end));
    const offset = (count) => start + letters.slice(0, count - 1).join("").length;
    const from = offset(column);
    const to = end_line === line ? Math.max(offset(end_column), from) : end;
    // A place between two characters is shown on the one after it.
    return { from, to: to > from ? to : Math.min(from + 1, end) };
  }

  /** Puts the caret at a problem. */
  show({ from, to }) {
    this.area.focus();
    this.area.setSelectionRange(from, to);
    const line = this.text.slice(0, from).split("\n").length - 1;
    const height = parseFloat(getComputedStyle(this.area).lineHeight);
    this.area.scrollTop = Math.max(0, line * height - this.area.clientHeight / 3);
    this.align();
  }

  step(by) {
    const places = this.problems.toSorted((a, b) => a.from - b.from);
    if (places.length === 0) return;
    const here = this.area.selectionStart;
    const next = by > 0 ? places.find(({ from }) => from > here) : places.findLast(({ from }) => from < here);
    this.show(next ?? places.at(by > 0 ? 0 : -1));
  }
}

function lineStarts(text) {
  const starts = [0];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return starts;
}
