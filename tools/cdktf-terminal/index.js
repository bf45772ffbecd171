const { closeSync, constants, openSync, readSync } = require('node:fs');
const { StringDecoder } = require('node:string_decoder');
const pty = require('@lydell/node-pty');

/**
 * What cdktf uses of node-pty, without its loss: what Terraform printed last is often its error, and on a busy machine
 * cdktf has not read it yet when Terraform ends. A terminal that nobody has open any more is hung up, and libuv then
 * takes the first read that does not fill its buffer for the last (uv__stream_io in unix/stream.c), though the kernel
 * hands out 4 KB at a time. Besides, node-pty gives up 200 ms after the end. So the other side is held open until all
 * has been read.
 */
function spawn(file, args, options) {
  // Bytes, as a read may end within a character.
  const terminal = pty.spawn(file, args, { ...options, encoding: null });
  const decoder = new StringDecoder('utf8');
  const listeners = [];
  const tell = (text) => listeners.forEach((listener) => text !== '' && listener(text));
  terminal.onData((bytes) => tell(decoder.write(bytes)));
  beforeItCloses(terminal, () => tell(unread(terminal.fd, decoder)));
  return {
    onData: (listener) => void listeners.push(listener),
    // Of a process that a signal has ended node-pty tells exit code 0, and cdktf asks for no more than that: a deploy whose
    // Terraform was killed, as for want of memory, would be one that has succeeded.
    onExit: (listener) =>
      terminal.onExit(({ exitCode, signal }) => listener({ exitCode: signal ? 128 + signal : exitCode, signal })),
    write: (text) => terminal.write(text),
  };
}

/** Nothing else closes it while its other side is open here. */
function beforeItCloses(terminal, read) {
  const otherSide = openSync(terminal.ptsName, constants.O_RDWR | constants.O_NOCTTY);
  const socket = terminal._socket;
  socket.destroy = (error) => {
    delete socket.destroy;
    read();
    closeSync(otherSide);
    return socket.destroy(error);
  };
}

/** All that the kernel still has, without waiting for more. */
function unread(fd, decoder) {
  const bytes = Buffer.alloc(65_536);
  let text = '';
  for (;;) {
    try {
      text += decoder.write(bytes.subarray(0, readSync(fd, bytes)));
    } catch (error) {
      if (error.code !== 'EAGAIN' && error.code !== 'EIO') throw error;
      return text + decoder.end();
    }
  }
}

module.exports = process.platform === 'win32' ? pty : { spawn };
