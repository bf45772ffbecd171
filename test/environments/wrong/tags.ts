import type { Edit, Mistake } from '../edited-environment';

const SOURCE_ROLE = '  roleArn: arn:aws:iam::111111111111:role/aurora-sync\n';
const TARGET_ROLE = '  roleArn: arn:aws:iam::222222222222:role/aurora-sync\n';
const source = (tags: string): Edit => [SOURCE_ROLE, `${SOURCE_ROLE}  tags: ${tags}\n`];
const target = (tags: string): Edit => [TARGET_ROLE, `${TARGET_ROLE}  tags: ${tags}\n`];
const many = Array.from({ length: 48 }, (_, index) => `k${index}: v`).join(', ');

/** Tags that AWS or the stacks do not take. */
export const TAG_MISTAKES: readonly Mistake[] = [
  ['a tag of the stacks', 'TAG_RESERVED', '{ ^Project', /another key/, source('{ Project: mine }')],
  ['a tag of the stacks in other case', 'TAG_RESERVED', '{ ^environment', /Environment/, target('{ environment: x }')],
  ['the name of the peering as a tag', 'TAG_RESERVED', '{ ^Name', /stacks set Name/, target('{ Name: x }')],
  ['a key of AWS', 'BAD_TAG', '{ ^"aws:team', /aws:, which AWS keeps/, source('{ "aws:team": x }')],
  ['a key of AWS in other case', 'BAD_TAG', '{ ^"AWS:team', /AWS keeps/, target('{ "AWS:team": x }')],
  ['a value of AWS', 'BAD_TAG', 'Team: ^"aws:x', /"Team" is "aws:x"/, source('{ Team: "aws:x" }')],
  ['a key without characters', 'BAD_TAG', '{ ^"": x', /is empty(.|\n)*1 to 128/, source('{ "": x }')],
  ['a tag without a value', 'BAD_TAG', 'Team: ^""', /plans to remove other tags/, target('{ Team: "" }')],
  ['a key that is too long', 'BAD_TAG', '{ ^kkkk', /129 characters; 128 fit/, source(`{ ${'k'.repeat(129)}: x }`)],
  ['a value that is too long', 'BAD_TAG', 'Team: ^vvv', /257 characters/, target(`{ Team: ${'v'.repeat(257)} }`)],
  ['a key with a character of none', 'BAD_TAG', '{ ^"a,b"', /has a "," in it/, source('{ "a,b": x }')],
  ['an expression in a tag', 'BAD_TAG', 'Team: ^"${', /has a "\$" in it/, target('{ Team: "${var.x}" }')],
  ['more tags than fit', 'BAD_TAG', '^tags: { k0', /48 tags; 47 fit/, source(`{ ${many} }`)],
  ['a number as a tag', 'WRONG_TYPE', 'CostCenter: ^4711', /into quotes/, source('{ CostCenter: 4711 }')],
  ['tags as a list', 'WRONG_TYPE', 'tags: ^[', /a mapping belongs there/, target('[data]')],
];
