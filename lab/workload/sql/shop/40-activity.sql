-- Activity: a partitioned table with a default partition, and a table without any key.
CREATE TABLE events (
  id bigint GENERATED ALWAYS AS IDENTITY,
  occurred_at timestamptz NOT NULL,
  kind text NOT NULL,
  payload jsonb,
  PRIMARY KEY (id, occurred_at)
) PARTITION BY RANGE (occurred_at);
CREATE TABLE events_2026_01 PARTITION OF events FOR VALUES FROM ('2026-01-01 00:00:00+00') TO ('2026-02-01 00:00:00+00');
CREATE TABLE events_2026_02 PARTITION OF events FOR VALUES FROM ('2026-02-01 00:00:00+00') TO ('2026-03-01 00:00:00+00');
CREATE TABLE events_2026_03 PARTITION OF events FOR VALUES FROM ('2026-03-01 00:00:00+00') TO ('2026-04-01 00:00:00+00');
CREATE TABLE "events Rest" PARTITION OF events DEFAULT;

INSERT INTO events (occurred_at, kind, payload)
SELECT timestamptz '2026-01-01 00:00:00+00' + (n % 100) * interval '1 day' + n * interval '1 millisecond',
       (ARRAY['view', 'search', 'add to cart', 'checkout'])[1 + n % 4],
       CASE n % 4 WHEN 0 THEN NULL ELSE jsonb_build_object('n', n, 'ratio', n / 8.0, 'path', '/p/' || n % 500) END
FROM generate_series(1, current_setting('workload.rows')::int * 12 / 100) AS n;

-- Exact duplicates are allowed here, as in many a log table.
CREATE TABLE page_views (
  visitor uuid NOT NULL,
  page text NOT NULL,
  seconds int,
  viewed_on date NOT NULL
);
ALTER TABLE page_views REPLICA IDENTITY FULL;
CREATE INDEX ON page_views (visitor);
INSERT INTO page_views
SELECT md5('visitor ' || n / 4)::uuid, '/p/' || n % 3, NULLIF(n % 60, 0), date '2026-03-01' + n / 1000
FROM generate_series(1, current_setting('workload.rows')::int * 2 / 100) AS n;
