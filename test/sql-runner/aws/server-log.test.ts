import type { AccountClients } from '../../../sql-runner/aws/clients';
import { readInstanceLog, readServerLog } from '../../../sql-runner/aws/server-log';

interface Call {
  readonly name: string;
  readonly input: Record<string, unknown>;
}

/** An account whose writer has these files; a page of them has two. */
function account(
  files: Readonly<Record<string, { written: number; text: string | Error; size?: number }>>,
  calls: Call[] = [],
): AccountClients {
  const names = Object.keys(files);
  const answers: Readonly<Record<string, (input: Record<string, unknown>) => object>> = {
    DescribeDBClusters: () => ({
      DBClusters: [
        {
          DBClusterMembers: [
            { DBInstanceIdentifier: 'reader', IsClusterWriter: false },
            { DBInstanceIdentifier: 'writer', IsClusterWriter: true },
          ],
        },
      ],
    }),
    DescribeDBLogFiles: ({ Marker }) => {
      const start = Number(Marker ?? 0);
      const page = names
        .slice(start, start + 2)
        .map((name) => ({ LogFileName: name, LastWritten: files[name]!.written, Size: files[name]!.size }));
      return { DescribeDBLogFiles: page, Marker: start + 2 < names.length ? String(start + 2) : undefined };
    },
    DownloadDBLogFilePortion: ({ LogFileName }) => {
      const { text } = files[String(LogFileName)]!;
      if (text instanceof Error) throw text;
      return { LogFileData: text, AdditionalDataPending: false };
    },
  };
  const send = async ({ constructor, input }: { constructor: { name: string }; input: Record<string, unknown> }) => {
    const name = constructor.name.replace(/Command$/, '');
    calls.push({ name, input });
    return answers[name]!(input);
  };
  return { accountId: '222222222222', rds: { send } } as unknown as AccountClients;
}

test('the last two files of the writer, the older first, whatever else and in whatever order RDS lists', async () => {
  const calls: Call[] = [];
  const clients = account(
    {
      'error/postgresql.log.2': { written: 20, text: 'second\n' },
      'error/postgresql.log.4.csv': { written: 40, text: new Error('not asked for') },
      'error/postgresql.log.1': { written: 10, text: new Error('not asked for') },
      'error/postgresql.log.3.gz': { written: 30, text: new Error('not asked for') },
      'error/postgresql.log.3': { written: 30, text: 'third, whose last line is being written' },
    },
    calls,
  );
  expect(await readServerLog(clients, 'clone')).toEqual({
    tail: 'second\nthird, whose last line is being written\n',
    unread: null,
    writer: 'writer',
  });
  expect(calls.map(({ name }) => name)).toEqual([
    'DescribeDBClusters',
    ...Array<string>(3).fill('DescribeDBLogFiles'),
    ...Array<string>(2).fill('DownloadDBLogFilePortion'),
  ]);
  const [files, portion] = [calls[1]!.input, calls.at(-1)!.input];
  expect(files).toMatchObject({ DBInstanceIdentifier: 'writer', FilenameContains: 'postgresql.log' });
  expect(Date.now() - Number(files['FileLastWritten'])).toBeGreaterThanOrEqual(7_200_000);
  // Without a marker RDS gives the end of the file.
  expect(portion).toEqual({
    DBInstanceIdentifier: 'writer',
    LogFileName: 'error/postgresql.log.2',
    NumberOfLines: 1_000,
  });
});

test('no more than 256 kB are kept, the newest, from the beginning of a line on', async () => {
  const text = Array.from({ length: 9_000 }, (_, n) => `line ${n} ${'ä'.repeat(20)}\n`).join('');
  const calls: Call[] = [];
  const files = { 'postgresql.log.1': { written: 1, text: 'older\n' }, 'postgresql.log.2': { written: 2, text } };
  const { tail: kept } = await readServerLog(account(files, calls), 'clone');
  expect(Buffer.byteLength(kept)).toBeLessThanOrEqual(256 * 1024);
  expect(Buffer.byteLength(kept)).toBeGreaterThan(255 * 1024);
  expect(kept).toMatch(/^line \d+ /);
  expect(text.endsWith(kept)).toBe(true);
  expect(calls.filter(({ name }) => name === 'DownloadDBLogFilePortion')).toHaveLength(1);
});

test.each([
  ['there is no file', account({}), 'instance writer has no log file of the last hours'],
  [
    'it is not allowed',
    account({ 'postgresql.log': { written: 1, text: Object.assign(new Error('x'), { name: 'AccessDenied' }) } }),
    'rds:DownloadDBLogFilePortion is not allowed in account 222222222222 (docs/iam.md has the policy)',
  ],
  [
    'the file has gone since',
    account({
      'postgresql.log': { written: 1, text: Object.assign(new Error('gone'), { name: 'DBLogFileNotFoundFault' }) },
    }),
    'rds:DownloadDBLogFilePortion in account 222222222222 failed: DBLogFileNotFoundFault (gone)',
  ],
])('where %s, it says so and throws nothing', async (_, clients, unread) => {
  expect(await readServerLog(clients, 'clone')).toMatchObject({ tail: '', unread });
});

test('an account that does not answer is not waited for longer than ten seconds', async () => {
  const timeout = jest.spyOn(AbortSignal, 'timeout').mockReturnValue(AbortSignal.abort());
  const clients = account({ 'postgresql.log': { written: 1, text: new Error('aborted') } });
  expect(await readServerLog(clients, 'clone')).toEqual({ tail: '', unread: 'AWS gave no answer within 10 s' });
  expect(timeout).toHaveBeenCalledWith(10_000);
  timeout.mockRestore();
});

test.each([
  ['read to its beginning', 6, 'first\nsecond\n'],
  ['longer than what was read of it', 7, 'second\n'],
  ['of no size that is told', undefined, 'second\n'],
])('where no line may be missing, the file before one that is %s', async (_, missing, tail) => {
  const size = missing === undefined ? undefined : missing + 1;
  const clients = account({
    'error/postgresql.log.1': { written: 10, text: 'first\n' },
    'error/postgresql.log.2': { written: 20, text: 'second\n', size },
  });
  const part = { lines: 7, bytes: 1_000, unbroken: true } as const;
  expect(await readInstanceLog(clients, 'writer', part)).toEqual({ tail, unread: null });
});
