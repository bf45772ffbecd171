import { withUnread } from '../../../sql-runner/observe/unread';

test('what was read is there, and what was not fails whoever asks for it', () => {
  const facts = withUnread<{ read: number; other: string; more?: string }>({ read: 1 }, ['read', 'other']);
  expect(facts.read).toBe(1);
  expect(() => facts.other).toThrow('other was not read');
  expect(facts.more).toBeUndefined();
});
