-- Goods: a text key, a composite key, ranges and intervals, and pictures that live in TOAST.
CREATE TABLE products (
  sku text PRIMARY KEY,
  title text NOT NULL,
  price numeric(12, 2) NOT NULL CHECK (price > 0),
  weight_kg double precision,
  dimensions_mm int[] NOT NULL,
  warranty interval,
  sold_during daterange,
  active boolean NOT NULL DEFAULT true
);

INSERT INTO products
SELECT 'SKU-' || lpad(n::text, 6, '0'),
       (ARRAY['Tasse à café ☕', 'Stuhl „Größe M“', '茶碗', 'Lamp', 'Книга'])[1 + n % 5] || ' no. ' || n,
       (n % 9973 + 1) / 7.0, CASE WHEN n % 6 > 0 THEN n % 100 / 3.0 END, ARRAY[n % 50, n % 70, n % 90],
       CASE n % 3 WHEN 0 THEN interval '2 years' WHEN 1 THEN interval '90 days 12:30' END,
       daterange(date '2025-01-01' + n % 300, CASE WHEN n % 4 > 0 THEN date '2026-01-01' + n % 300 END), n % 20 > 0
FROM generate_series(1, greatest(current_setting('workload.rows')::int * 2 / 100, 200)) AS n;

CREATE TABLE inventory (
  warehouse smallint NOT NULL,
  sku text NOT NULL REFERENCES products,
  shelf char(4) NOT NULL,
  on_hand int NOT NULL,
  counted_at timestamptz NOT NULL,
  PRIMARY KEY (warehouse, sku)
);

INSERT INTO inventory
SELECT warehouse, sku, chr(64 + warehouse) || lpad((row_number() OVER (ORDER BY sku, warehouse) % 999)::text, 3, '0'),
       ascii(right(sku, 1)) * warehouse, timestamptz '2026-02-01 08:00:00+00' + warehouse * interval '1 hour'
FROM products CROSS JOIN generate_series(1, 3) AS warehouse;

-- Hashes do not compress and EXTERNAL does not try: every picture is stored out of line, so an UPDATE of
-- another column sends it as "unchanged".
CREATE TABLE product_images (
  id uuid PRIMARY KEY,
  sku text NOT NULL REFERENCES products,
  caption text NOT NULL,
  views int NOT NULL DEFAULT 0,
  content bytea NOT NULL,
  checksum bytea NOT NULL
);
ALTER TABLE product_images ALTER COLUMN content SET STORAGE EXTERNAL;

INSERT INTO product_images (id, sku, caption, content, checksum)
SELECT md5('image ' || n)::uuid, sku, 'Front of ' || title, content, sha256(content)
FROM (SELECT row_number() OVER (ORDER BY sku) AS n, sku, title FROM products ORDER BY sku LIMIT 300) AS pictured
CROSS JOIN LATERAL (
  SELECT string_agg(sha512(convert_to(n || '/' || part, 'UTF8')), NULL ORDER BY part) AS content
  FROM generate_series(1, 300 + n % 100) AS part
) AS generated;

CREATE TABLE coupons (
  code text PRIMARY KEY,
  percent real NOT NULL,
  valid tstzrange NOT NULL,
  uses int NOT NULL DEFAULT 0
);
INSERT INTO coupons
SELECT 'WELCOME-' || n || CASE n % 3 WHEN 0 THEN '-ñ' ELSE '' END, n % 40 / 3.0,
       tstzrange(timestamptz '2026-01-01 00:00:00+00' + n * interval '1 minute', NULL)
FROM generate_series(1, greatest(current_setting('workload.rows')::int / 100, 200)) AS n;
