// The compiler, asked in JSON: in a worker where the browser allows one, so that typing never waits, else in the page.
// `rulecastEngine` is also the worker's source: it must not use anything from outside of it.
"use strict";

function rulecastEngine(scope) {
  let module = null;
  let instance = null;

  async function start(bytes) {
    module = await WebAssembly.compile(bytes);
    instance = await WebAssembly.instantiate(module, {});
  }

  async function ask(question) {
    // After a fault the memory is in no known state.
    if (!instance) instance = await WebAssembly.instantiate(module, {});
    const { memory, question: room, compile, answer } = instance.exports;
    try {
      const bytes = new TextEncoder().encode(JSON.stringify(question));
      const at = room(bytes.length);
      new Uint8Array(memory.buffer, at, bytes.length).set(bytes);
      const length = compile();
      return JSON.parse(new TextDecoder().decode(new Uint8Array(memory.buffer, answer(), length)));
    } catch (error) {
      instance = null;
      throw error;
    }
  }

  if (scope) {
    scope.onmessage = async ({ data }) => {
      try {
        if (data.bytes) {
          await start(data.bytes);
          scope.postMessage({ id: data.id, answer: null });
        } else {
          scope.postMessage({ id: data.id, answer: await ask(data.question) });
        }
      } catch (error) {
        scope.postMessage({ id: data.id, error: String(error) });
      }
    };
  }
  return { start, ask };
}

/** Asks one question at a time; of those that come meanwhile only the last is asked, and the others end with `null`. */
class Compiler {
  /** The longest that an answer may take, in milliseconds. */
  static PATIENCE = 15000;

  constructor(packed) {
    this.packed = packed;
    this.next = null;
    this.busy = false;
    this.ready = null;
  }

  async ask(question) {
    if (this.busy) {
      if (this.next) this.next.resolve(null);
      return new Promise((resolve, reject) => { this.next = { question, resolve, reject }; });
    }
    this.busy = true;
    try {
      this.ready ??= this.start();
      await this.ready;
      return await this.call({ question });
    } catch (error) {
      this.stop();
      throw error;
    } finally {
      this.busy = false;
      const { next } = this;
      this.next = null;
      if (next) this.ask(next.question).then(next.resolve, next.reject);
    }
  }

  async start() {
    this.bytes ??= await unpacked(this.packed);
    try {
      const source = `"use strict"; (${rulecastEngine})(self);`;
      const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
      this.worker = new Worker(url);
      URL.revokeObjectURL(url);
      await this.call({ bytes: this.bytes });
    } catch {
      this.worker?.terminate();
      this.worker = null;
      this.engine = rulecastEngine(null);
      await this.engine.start(this.bytes);
    }
  }

  stop() {
    this.worker?.terminate();
    this.worker = null;
    this.engine = null;
    this.ready = null;
  }

  call(message) {
    if (this.engine) return this.engine.ask(message.question);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error("the compiler takes too long")), Compiler.PATIENCE);
      this.worker.onmessage = ({ data }) => {
        clearTimeout(timer);
        if (data.error) reject(new Error(data.error));
        else resolve(data.answer);
      };
      this.worker.onerror = (event) => {
        clearTimeout(timer);
        event.preventDefault();
        reject(new Error(event.message || "the worker cannot start"));
      };
      this.worker.postMessage(message);
    });
  }
}

/** The bytes of a text in base64 that was packed by gzip. */
async function unpacked(text) {
  if (typeof DecompressionStream === "undefined") {
    throw new Error("this browser cannot unpack the compiler: it lacks DecompressionStream");
  }
  const packed = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream).arrayBuffer();
}
