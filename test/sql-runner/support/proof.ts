/** The proof of a stream of the environment demo, as a plan proposes it. */
export const PROOF = {
  kind: 'prove-continuity',
  place: { side: 'target', database: 'shop' },
  environment: 'demo',
  publication: 'acas_demo_shop',
  slot: 'acas_demo_shop',
  subscription: 'acas_demo_shop',
} as const;
