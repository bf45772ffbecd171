-- People: an identity key, an enum, a domain, jsonb, an array and a generated column.
CREATE TYPE customer_tier AS ENUM ('basic', 'plus', 'gold');
CREATE DOMAIN email_address AS text CHECK (VALUE LIKE '%_@_%');

CREATE TABLE customers (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name varchar(120) NOT NULL,
  email email_address NOT NULL,
  email_key text GENERATED ALWAYS AS (lower(email::text)) STORED,
  tier customer_tier NOT NULL DEFAULT 'basic',
  preferences jsonb NOT NULL DEFAULT '{}',
  tags text[] NOT NULL DEFAULT '{}',
  signed_up timestamptz NOT NULL,
  last_address inet,
  updated_at timestamptz NOT NULL DEFAULT now()
);

INSERT INTO customers (name, email, tier, preferences, tags, signed_up, last_address, updated_at)
SELECT (ARRAY['Zoë Brontë', 'Søren Ångström', '山田 太郎', 'Łukasz Żak', 'Ana O''Neil', 'نور'])[1 + n % 6] || ' ' || n,
       'Customer.' || n || '@Example.com',
       (ARRAY['basic', 'plus', 'gold'])[1 + (n % 10) / 6 + (n % 10) / 9]::customer_tier,
       jsonb_build_object('theme', CASE n % 2 WHEN 0 THEN 'dark' ELSE 'light' END, 'visits', n % 97,
                          'shipping', jsonb_build_object('express', n % 3 = 0, 'note', NULLIF('ring ' || n % 5, 'ring 0'))),
       CASE n % 4 WHEN 0 THEN '{}' ELSE ARRAY['segment-' || n % 7, 'été', 'say "hi", {x}'] END,
       timestamptz '2024-01-01 00:00:00+00' + n * interval '13 seconds',
       CASE WHEN n % 5 > 0 THEN inet '10.0.0.0' + n END,
       timestamptz '2026-01-01 00:00:00+00'
FROM generate_series(1, current_setting('workload.rows')::int * 10 / 100) AS n;

-- On the clone this trigger must stay silent while changes are applied: the value comes from the source.
CREATE FUNCTION touch_updated_at() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN NEW.updated_at := clock_timestamp(); RETURN NEW; END $$;
CREATE TRIGGER touch BEFORE UPDATE ON customers FOR EACH ROW EXECUTE FUNCTION touch_updated_at();
