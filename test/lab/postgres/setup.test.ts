import { X509Certificate } from 'node:crypto';
import { chmod, lstat, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { preparePostgresBinaries } from '../../../lab/postgres/binaries';
import { createCertificates } from '../../../lab/postgres/certificates';
import { scramVerifier } from '../../../lab/postgres/scram-verifier';
import { serverPid } from '../../../lab/postgres/server-process';
import { assertReachable, choose } from '../../../lab/postgres/server-user';

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'aurora lab setup '));
});
afterEach(async () => rm(directory, { recursive: true, force: true }));

describe('binaries', () => {
  it('are copied once, with the symlinks that npm left out', async () => {
    const [first, parallel] = await Promise.all([
      preparePostgresBinaries(directory),
      preparePostgresBinaries(directory),
    ]);
    expect(parallel).toEqual(first);
    expect(await readdir(directory)).toEqual([`postgresql-${first.version}`]);
    expect((await lstat(join(first.directory, 'lib', 'libpq.so.5'))).isSymbolicLink()).toBe(true);
    expect((await stat(join(first.directory, 'lib', 'libpq.so.5'))).isFile()).toBe(true);
    for (const program of [first.initdb, first.pgCtl, first.postgres]) {
      expect((await stat(program)).mode & 0o555).toBe(0o555);
    }
    const copied = (await stat(first.postgres)).mtimeMs;
    await preparePostgresBinaries(directory);
    expect((await stat(first.postgres)).mtimeMs).toBe(copied);
  });

  it('say what to install when there are none', async () => {
    await expect(preparePostgresBinaries(directory, 9)).rejects.toMatchObject({
      code: 'LAB_POSTGRES_MISSING',
      seen: expect.stringContaining('PostgreSQL 9') as string,
      next: expect.stringContaining('npm ci --prefix lab/postgres/majors') as string,
    });
    expect(await readdir(directory)).toEqual([]);
  });
});

describe('certificates', () => {
  it('are for localhost and 127.0.0.1 and nothing else, signed by an authority of their own', async () => {
    const files = await createCertificates(directory);
    const authority = new X509Certificate(await readFile(files.caFile));
    const server = new X509Certificate(await readFile(files.certFile));
    expect(server.verify(authority.publicKey)).toBe(true);
    expect(server.checkIssued(authority)).toBe(true);
    expect(authority.ca).toBe(true);
    expect(server.ca).toBe(false);
    expect(server.checkHost('localhost')).toBe('localhost');
    expect(server.checkIP('127.0.0.1')).toBe('127.0.0.1');
    expect(server.checkHost('example.com')).toBeUndefined();
    expect((await stat(files.keyFile)).mode & 0o777).toBe(0o600);
  });

  it('differ from lab to lab', async () => {
    const [one, two] = await Promise.all(['one', 'two'].map((name) => createCertificates(join(directory, name))));
    const authority = new X509Certificate(await readFile(one!.caFile));
    expect(new X509Certificate(await readFile(two!.certFile)).verify(authority.publicKey)).toBe(false);
  });
});

describe('the server user', () => {
  const entry = (name: string, uid: number): { name: string; uid: number; gid: number; home: string } => ({
    name,
    uid,
    gid: uid,
    home: '/',
  });

  it.each([
    ['postgres', ['root:0', 'daemon:1', 'nobody:65534', 'postgres:101']],
    ['nobody', ['root:0', 'daemon:1', 'nobody:65534']],
    ['daemon', ['root:0', 'toor:0', 'daemon:1']],
  ])('is %s among %j', (expected, names) => {
    const entries = names.map((text) => text.split(':')).map(([name = '', uid]) => entry(name, Number(uid)));
    expect(choose(entries).name).toBe(expected);
  });

  it('is an error when there is only root', () => {
    expect(() => choose([entry('root', 0)])).toThrow(expect.objectContaining({ code: 'LAB_NO_SERVER_USER' }) as Error);
  });
});

describe('the directory of the servers', () => {
  const stranger = { name: 'stranger', uid: 54321, gid: 54321, home: '/' };

  it('is refused when the server user cannot reach it, with the one above that is closed', async () => {
    const inner = join(directory, 'closed', 'lab');
    await mkdir(inner, { recursive: true });
    await chmod(directory, 0o755);
    await chmod(join(directory, 'closed'), 0o700);
    const refusal = expect.objectContaining({
      code: 'LAB_DIRECTORY_CLOSED',
      seen: `The user stranger may not enter ${join(directory, 'closed')}.`,
    }) as Error;
    expect(() => assertReachable(inner, stranger)).toThrow(refusal);
    await chmod(join(directory, 'closed'), 0o711);
    expect(() => assertReachable(inner, stranger)).not.toThrow();
  });

  it('may be anywhere for an ordinary user', () => {
    expect(() => assertReachable(directory, { name: 'me', home: '/' })).not.toThrow();
  });
});

it('does not take another process for the server after its pid has been given away', async () => {
  await mkdir(join(directory, 'data'));
  await writeFile(join(directory, 'data', 'postmaster.pid'), `${process.pid}\n`);
  expect(serverPid(join(directory, 'data'))).toBeUndefined();
});

it('computes the verifier of RFC 7677', () => {
  // The RFC's example exchange: user "user", password "pencil", this salt, 4096 rounds.
  const verifier = scramVerifier('pencil', Buffer.from('W22ZaJ0SNY7soEsUEjb6gQ==', 'base64'));
  expect(verifier).toBe(
    'SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=',
  );
});
