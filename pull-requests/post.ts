import { z } from 'zod';
import { OperatorError } from '../errors/operator-error';
import { MARK } from './comment';

/** Where the comments of a pull request are, and by what right. */
interface Place {
  readonly list: string;
  readonly update: (id: number) => readonly [method: string, url: string];
  readonly headers: Readonly<Record<string, string>>;
}

const comments = z.array(z.object({ id: z.number(), body: z.string().nullable() }));
const PAGE = 100;

/** Writes the comment of a pull request: into the one that is there, so that an old plan does not stay beside a new one. */
export async function post(body: string, environment: NodeJS.ProcessEnv = process.env): Promise<'updated' | 'added'> {
  const place = environment['GITLAB_CI'] ? onGitLab(environment) : onGitHub(environment);
  const former = await findFormer(place);
  const [method, url] = former === undefined ? ['POST', place.list] : place.update(former);
  await call(place, method, url, { body });
  return former === undefined ? 'added' : 'updated';
}

/** https://docs.github.com/en/rest/issues/comments */
function onGitHub(environment: NodeJS.ProcessEnv): Place {
  const repository = `${needed(environment, 'GITHUB_API_URL')}/repos/${needed(environment, 'GITHUB_REPOSITORY')}`;
  return {
    list: `${repository}/issues/${needed(environment, 'PULL_REQUEST')}/comments`,
    update: (id) => ['PATCH', `${repository}/issues/comments/${id}`],
    headers: { authorization: `Bearer ${needed(environment, 'GITHUB_TOKEN')}`, accept: 'application/vnd.github+json' },
  };
}

/** https://docs.gitlab.com/api/notes/#merge-requests */
function onGitLab(environment: NodeJS.ProcessEnv): Place {
  const project = `${needed(environment, 'CI_API_V4_URL')}/projects/${needed(environment, 'CI_PROJECT_ID')}`;
  const list = `${project}/merge_requests/${needed(environment, 'CI_MERGE_REQUEST_IID')}/notes`;
  return {
    list,
    update: (id) => ['PUT', `${list}/${id}`],
    headers: { 'private-token': needed(environment, 'GITLAB_TOKEN') },
  };
}

async function findFormer(place: Place): Promise<number | undefined> {
  for (let page = 1; ; page += 1) {
    const answer = await call(place, 'GET', `${place.list}?per_page=${PAGE}&page=${page}`);
    const found = comments.parse(await answer.json());
    const former = found.find(({ body }) => body?.startsWith(MARK));
    if (former !== undefined || found.length < PAGE) return former?.id;
  }
}

async function call(place: Place, method: string, url: string, body?: object): Promise<Response> {
  const headers = { ...place.headers, 'content-type': 'application/json', 'user-agent': 'aurora-cross-account-sync' };
  const answer = await fetch(url, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) });
  if (answer.ok) return answer;
  throw new OperatorError({
    code: 'COMMENT_REFUSED',
    seen: `${method} ${url} was answered with ${answer.status}.`,
    why: 'The plans are not on the pull request, or an older comment stands there for them.',
    next: 'Give the token the right to write comments: pull-requests: write on GitHub, the scope api on GitLab.',
  });
}

function needed(environment: NodeJS.ProcessEnv, name: string): string {
  const value = environment[name];
  if (value) return value;
  throw new OperatorError({
    code: 'COMMENT_REFUSED',
    seen: `${name} is not set.`,
    why: 'Without it, nobody knows on which pull request to write, or by what right.',
    next: 'Run it in the workflow, which sets it: .github/workflows/pull-request.yml or ci/gitlab-ci.yml.',
  });
}
