// What is in the page as the fragment of an address, which browsers do not send to any server.
// `#d=` holds it packed (deflate), `#p=` plain; both in base64 of URLs.
"use strict";

const Share = {
  /** The most that a fragment is unpacked to, in bytes: an address comes from anywhere. */
  MOST: 2 * 1024 * 1024,

  async write(state) {
    const bytes = new TextEncoder().encode(JSON.stringify(state));
    if (typeof CompressionStream === "undefined") return `#p=${toBase64(bytes)}`;
    const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream("deflate-raw"));
    return `#d=${toBase64(new Uint8Array(await new Response(stream).arrayBuffer()))}`;
  },

  /** What a fragment holds: `{text, targets, over, under}`; `null` if it is none of ours. */
  async read(fragment) {
    const found = /^#([dp])=([A-Za-z0-9_-]+)$/.exec(fragment);
    if (!found) return null;
    try {
      const bytes = fromBase64(found[2]);
      const plain = found[1] === "p" ? bytes : await this.unpacked(bytes);
      return checked(JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(plain)));
    } catch {
      return null;
    }
  },

  async unpacked(bytes) {
    const reader = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw")).getReader();
    const parts = [];
    let length = 0;
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      length += value.length;
      if (length > this.MOST) {
        await reader.cancel();
        throw new Error("too large");
      }
      parts.push(value);
    }
    return new Uint8Array(await new Blob(parts).arrayBuffer());
  },
};

function checked(state) {
  if (typeof state?.text !== "string") return null;
  const targets = Array.isArray(state.targets) ? state.targets.filter((target) => typeof target === "string") : [];
  return { text: state.text, targets, over: state.over === true, under: state.under === true };
}

function toBase64(bytes) {
  let text = "";
  for (let at = 0; at < bytes.length; at += 0x8000) text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

function fromBase64(text) {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}
