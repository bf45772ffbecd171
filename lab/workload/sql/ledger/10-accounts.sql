-- Money: a uuid key, a domain, exact numerics of any scale, and a composite key.
CREATE DOMAIN currency_code AS char(3) CHECK (VALUE ~ '^[A-Z]{3}$');
CREATE TYPE entry_side AS ENUM ('debit', 'credit');

CREATE TABLE accounts (
  id uuid PRIMARY KEY,
  number int NOT NULL UNIQUE,
  currency currency_code NOT NULL,
  balance numeric(18, 2) NOT NULL DEFAULT 0,
  rate numeric,
  opened date NOT NULL
);
INSERT INTO accounts
SELECT md5('account ' || n)::uuid, n, (ARRAY['EUR', 'USD', 'CHF', 'SEK'])[1 + n % 4], (n % 100000) * 1.25,
       CASE n % 9 WHEN 0 THEN 'NaN' WHEN 1 THEN NULL ELSE n / 1000.0 END, date '2020-01-01' + n % 2000
FROM generate_series(1, greatest(current_setting('workload.rows')::int * 3 / 100, 200)) AS n;

CREATE TABLE transfers (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  from_number int NOT NULL REFERENCES accounts (number),
  to_number int NOT NULL REFERENCES accounts (number),
  amount numeric(18, 4) NOT NULL,
  booked_at timestamp NOT NULL,
  reference text
);
CREATE TABLE entries (
  transfer_id bigint NOT NULL,
  side entry_side NOT NULL,
  account_number int NOT NULL,
  amount numeric(18, 4) NOT NULL,
  PRIMARY KEY (transfer_id, side)
);

INSERT INTO transfers (from_number, to_number, amount, booked_at, reference)
SELECT 1 + n % 200, 1 + (n + 7) % 200, (n % 77777 + 1) / 16.0, timestamp '2026-01-01 00:00:00' + n * interval '11 seconds',
       CASE WHEN n % 3 > 0 THEN 'invoice ' || n END
FROM generate_series(1, current_setting('workload.rows')::int * 7 / 100) AS n;
INSERT INTO entries
SELECT id, side, CASE side WHEN 'debit' THEN from_number ELSE to_number END, amount
FROM transfers CROSS JOIN unnest(enum_range(NULL::entry_side)) AS side;
