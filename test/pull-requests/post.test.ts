import { LONGEST_COMMENT, MARK } from '../../pull-requests/comment';
import { post } from '../../pull-requests/post';
import { HttpReceiver } from '../support/http-receiver';

let api: HttpReceiver;
beforeEach(async () => (api = await HttpReceiver.listening([200, '{}'])));
afterEach(() => api.close());

const github = () => ({
  GITHUB_API_URL: api.url,
  GITHUB_REPOSITORY: 'example/sync',
  GITHUB_TOKEN: 'token',
  PULL_REQUEST: '7',
});
const gitlab = () => ({
  GITLAB_CI: 'true',
  CI_API_V4_URL: api.url,
  CI_PROJECT_ID: '5',
  CI_MERGE_REQUEST_IID: '7',
  GITLAB_TOKEN: 'token',
});
const other = (id: number) => ({ id, body: 'looks good' });
const page = (...bodies: { id: number; body: string | null }[]) => [200, JSON.stringify(bodies)] as const;

test.each([
  ['GitHub', github, '/repos/example/sync/issues/7/comments', '/repos/example/sync/issues/comments/2'],
  ['GitLab', gitlab, '/projects/5/merge_requests/7/notes', '/projects/5/merge_requests/7/notes/2'],
])('on %s, the first one is added and later ones take its place', async (_where, environment, list, one) => {
  api.answers = [page(other(1))];
  expect(await post(`${MARK}\nx`, environment())).toBe('added');
  api.answers = [page(other(1), { id: 3, body: null }, { id: 2, body: `${MARK}\nold` })];
  expect(await post(`${MARK}\ny`, environment())).toBe('updated');
  expect(api.got.map(({ path }) => path?.split('?')[0])).toEqual([list, list, list, one]);
  expect(JSON.parse(api.got[3]!.body)).toEqual({ body: `${MARK}\ny` });
});

test('it is looked for on every page', async () => {
  const full = page(...Array.from({ length: 100 }, (_, index) => other(index + 10)));
  api.answers = [full, full, page({ id: 2, body: MARK })];
  expect(await post('x', github())).toBe('updated');
  expect(
    api.got
      .map(({ path }) => path)
      .slice(0, 3)
      .map((path) => /&page=(\d)/.exec(path ?? '')?.[1]),
  ).toEqual(['1', '2', '3']);
});

test('a refusal is an error, and never holds the token', async () => {
  api.answers = [403];
  await expect(post('x', github())).rejects.toMatchObject({
    code: 'COMMENT_REFUSED',
    seen: expect.stringContaining('403'),
  });
  await expect(post('x', { ...github(), GITHUB_TOKEN: '' })).rejects.toMatchObject({
    seen: 'GITHUB_TOKEN is not set.',
  });
  expect(LONGEST_COMMENT).toBeLessThan(65_536);
});
