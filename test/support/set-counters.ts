import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PostgresCluster } from '../../lab/postgres/cluster';
import { giveToServer } from '../../lab/postgres/server-user';

/** Where a server's counters shall stand; what is left out stays. */
export interface Counters {
  /** Next transaction id. A multiple of a million transactions would need a page of pg_xact that is not there: see below. */
  readonly nextXid?: bigint;
  /** Start of the next WAL segment, which is moved up to a segment's start. */
  readonly wal?: bigint;
}

/** Layout of CheckPoint (pg_control.h), the same from 13 to 18 as far as it is used here. */
const CHECKPOINT = { redo: 0, nextXid: 24, size: 88 };
/** Layout of ControlFileData: the state, the position of the checkpoint, and its copy. */
const CONTROL = { state: 16, position: 32, checkpoint: 40 };
const SHUT_DOWN = 1;
/** XLogLongPageHeaderData, XLogRecord. */
const PAGE_HEADER = 40;
const RECORD_HEADER = 24;
/** Transaction ids of one file of pg_xact: at its start the server makes the first page itself (ExtendCLOG). */
const XIDS_PER_FILE = 32n * 8192n * 4n;

/**
 * Lets a server find itself far in its life: what pg_resetwal does, which the
 * binaries from npm lack. The server is stopped cleanly, its control file says
 * where it stands, and one new segment holds nothing but that checkpoint.
 */
export async function setCounters(cluster: PostgresCluster, counters: Counters): Promise<void> {
  await cluster.stop('fast');
  const controlFile = join(cluster.dataDirectory, 'global', 'pg_control');
  const control = readFileSync(controlFile);
  const wal = join(cluster.dataDirectory, 'pg_wal');
  const segments = readdirSync(wal).filter((name) => /^[0-9A-F]{24}$/.test(name));
  const page = readFileSync(join(wal, segments.sort()[0]!)).subarray(0, PAGE_HEADER);
  const segmentSize = BigInt(page.readUInt32LE(32));
  const before = control.readBigUInt64LE(CONTROL.position);
  const start = ((counters.wal ?? before) / segmentSize + 1n) * segmentSize;

  const checkpoint = control.subarray(CONTROL.checkpoint, CONTROL.checkpoint + CHECKPOINT.size);
  checkpoint.writeBigUInt64LE(start + BigInt(PAGE_HEADER), CHECKPOINT.redo);
  if (counters.nextXid !== undefined) {
    checkpoint.writeBigUInt64LE((counters.nextXid / XIDS_PER_FILE + 1n) * XIDS_PER_FILE, CHECKPOINT.nextXid);
  }
  control.writeBigUInt64LE(start + BigInt(PAGE_HEADER), CONTROL.position);
  control.writeUInt32LE(SHUT_DOWN, CONTROL.state);
  signControlFile(control, readFileSync(controlFile));
  const timeline = checkpoint.readUInt32LE(8);
  for (const name of segments) rmSync(join(wal, name));
  const file = join(wal, segmentName(timeline, start / segmentSize, segmentSize));
  writeFileSync(file, segment(page, checkpoint, start, Number(segmentSize)), { mode: 0o600 });
  await giveToServer(file);
  writeFileSync(controlFile, control);
  await cluster.start();
}

/** The checksum stands where that of the former contents did, which differs between versions. */
function signControlFile(control: Buffer, former: Buffer): void {
  for (let at = CONTROL.checkpoint + CHECKPOINT.size; at < 1024; at += 4) {
    if (former.readUInt32LE(at) !== crc32c([former.subarray(0, at)])) continue;
    control.writeUInt32LE(crc32c([control.subarray(0, at)]), at);
    return;
  }
  throw new Error('pg_control has no checksum where one is expected');
}

function segment(firstPage: Buffer, checkpoint: Buffer, start: bigint, size: number): Buffer {
  const contents = Buffer.alloc(size);
  firstPage.copy(contents);
  contents.writeUInt16LE(2, 2); // XLP_LONG_HEADER alone: no record is continued here
  contents.writeBigUInt64LE(start, 8);
  contents.writeUInt32LE(0, 16);
  const record = Buffer.alloc(RECORD_HEADER);
  const data = Buffer.concat([Buffer.from([255, CHECKPOINT.size]), checkpoint]); // XLR_BLOCK_ID_DATA_SHORT
  record.writeUInt32LE(RECORD_HEADER + data.length, 0);
  // xl_info and xl_rmid stay 0: XLOG_CHECKPOINT_SHUTDOWN of the resource manager XLOG.
  record.writeUInt32LE(crc32c([data, record.subarray(0, 20)]), 20);
  Buffer.concat([record, data]).copy(contents, PAGE_HEADER);
  return contents;
}

function segmentName(timeline: number, number: bigint, segmentSize: bigint): string {
  const perId = 0x1_0000_0000n / segmentSize;
  const hex = (value: bigint) => value.toString(16).toUpperCase().padStart(8, '0');
  return hex(BigInt(timeline)) + hex(number / perId) + hex(number % perId);
}

/** Castagnoli's, which Node's zlib does not have. */
function crc32c(parts: readonly Buffer[]): number {
  let crc = 0xffffffff;
  for (const byte of Buffer.concat([...parts])) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0x82f63b78 : 0);
  }
  return (crc ^ 0xffffffff) >>> 0;
}
