import type { Session } from '../postgres/session';

/** A read that several parts of one run need: of each session it is asked once, also while the answer is on its way. */
export function sharedRead<T>(read: (session: Session) => Promise<T>): (session: Session) => Promise<T> {
  const answers = new WeakMap<Session, Promise<T>>();
  return (session) => {
    const known = answers.get(session);
    if (known !== undefined) return known;
    const answer = read(session);
    answers.set(session, answer);
    return answer;
  };
}
