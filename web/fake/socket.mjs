/** The server's half of RFC 6455, as much as a browser on the same machine needs: text in, binary out. */
import { createHash } from "node:crypto";

const MAGIC = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"; // RFC 6455, 1.3

/** The subprotocols that a browser offers. */
export function offered(request) {
  return (request.headers["sec-websocket-protocol"] ?? "").split(",").map((one) => one.trim());
}

/** Answer an upgrade; the result sends bytes. */
export function accept(request, socket, onText, onClose) {
  const key = createHash("sha1").update(request.headers["sec-websocket-key"] + MAGIC).digest("base64");
  socket.write(`HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n${offered(request).includes("samruk") ? "Sec-WebSocket-Protocol: samruk\r\n" : ""}Sec-WebSocket-Accept: ${key}\r\n\r\n`);
  let held = Buffer.alloc(0);
  socket.on("data", (data) => {
    held = Buffer.concat([held, data]);
    for (let frame = take(held); frame; frame = take(held)) {
      held = held.subarray(frame.size);
      if (frame.kind === 1) onText(frame.body.toString("utf8"));
      if (frame.kind === 8) socket.end();
    }
  });
  socket.on("close", onClose);
  socket.on("error", onClose);
  return (bytes) => socket.writable && socket.write(Buffer.concat([head(bytes.length), bytes]));
}

function head(length) {
  if (length < 126) return Buffer.from([0x82, length]);
  if (length < 65536) return Buffer.from([0x82, 126, length >> 8, length & 255]);
  const long = Buffer.alloc(10);
  long[0] = 0x82;
  long[1] = 127;
  long.writeBigUInt64BE(BigInt(length), 2);
  return long;
}

function take(data) {
  if (data.length < 2) return null;
  const short = data[1] & 127;
  const extra = short === 126 ? 2 : short === 127 ? 8 : 0;
  const masked = data[1] & 128 ? 4 : 0;
  const start = 2 + extra + masked;
  if (data.length < start) return null;
  const length = extra === 2 ? data.readUInt16BE(2) : extra === 8 ? Number(data.readBigUInt64BE(2)) : short;
  if (data.length < start + length) return null;
  const body = Buffer.from(data.subarray(start, start + length));
  if (masked) for (let i = 0; i < length; i++) body[i] ^= data[2 + extra + (i & 3)];
  return { kind: data[0] & 15, body, size: start + length };
}
