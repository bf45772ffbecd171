import { diagnosticMessage, problemOf, ProviderError } from '../../../lab/provider/diagnostics';

test('a problem for people keeps its words and its place', () => {
  const problem = problemOf(new ProviderError('No', 'Do this.', ['block', 0, 'name']));
  expect(diagnosticMessage(problem)).toEqual({
    severity: 1,
    summary: 'No',
    detail: 'Do this.',
    attribute: { steps: [{ attributeName: 'block' }, { elementKeyInt: 0 }, { attributeName: 'name' }] },
  });
});

test('a defect says that it is one; its stack goes to the log, not to people', () => {
  const log = jest.spyOn(console, 'error').mockReturnValue(undefined);
  const defect = new TypeError('x is not a function');
  const { summary, detail } = problemOf(defect);
  expect(summary).toBe('The provider of the lab failed');
  expect(detail).toContain('defect of the lab, not of the configuration: x is not a function');
  expect(detail).not.toContain('    at ');
  expect(log).toHaveBeenCalledWith(defect);
  log.mockRestore();
});
