-- The judge's own rows: they have nothing to do with those that the product makes up.
INSERT INTO customers SELECT n, 'c' || n || '@example.com', 'Name ' || n, (ARRAY['sad', 'ok', 'happy'])[1 + n % 3]::mood, '2026-05-01'::timestamptz + n * interval '1 hour' FROM generate_series(11, 30) n;
INSERT INTO orders (id, customer, total, status, note, tags, data) SELECT 100 + n, n, n * 1.25, (ARRAY['new', 'paid', 'sent'])[1 + n % 3], CASE WHEN n % 4 > 0 THEN 'note ' || n END, ARRAY['t' || n], jsonb_build_object('k', n) FROM generate_series(11, 30) n;
INSERT INTO items (order_id, line, quantity, price, box) SELECT 100 + n, 1, n, CASE WHEN n % 3 > 0 THEN n / 8.0 END, ROW(n, 2 * n)::size FROM generate_series(11, 30) n;
INSERT INTO visits SELECT date '2025-11-20' + n * 5, n, '/p' || n FROM generate_series(1, 20) n;
INSERT INTO log_lines SELECT '2026-02-02'::timestamptz + n * interval '1 min', CASE WHEN n % 5 > 0 THEN n END, 'line ' || n FROM generate_series(1, 20) n;
INSERT INTO codes SELECT 'code' || n, CASE WHEN n % 4 > 0 THEN 'label ' || n END, n % 2 = 0 FROM generate_series(1, 20) n;
