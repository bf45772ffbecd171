import { textWith } from './refined';

const TIME = '([01]\\d|2[0-3]):[0-5]\\d';
const DAY = '(mon|tue|wed|thu|fri|sat|sun)';
const DAILY = `^${TIME}-${TIME}$`;
const WEEKLY = `^${DAY}:${TIME}-${DAY}:${TIME}$`;

/** Times of a day or of a week in which RDS does something, in UTC. */
function window(pattern: string, description: string, example: string) {
  return textWith(
    [
      {
        code: 'BAD_VALUE',
        accepts: (value) => new RegExp(pattern).test(value),
        seen: (value) => `"${value}" is not such a window.`,
        why: 'RDS takes beginning and end in UTC, the days of a week by three lower case letters.',
        next: `Write it as in ${example}.`,
      },
    ],
    { description, pattern, examples: [example] },
  );
}

export const dailyWindow = (description: string) => window(DAILY, description, '01:00-02:00');
export const weeklyWindow = (description: string) => window(WEEKLY, description, 'sun:03:00-sun:04:00');
