-- The symbol registry: one canonical name per instrument, and each broker's id for it.
CREATE TABLE janus.symbol_registry (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    canonical_symbol text NOT NULL UNIQUE CHECK (canonical_symbol ~ '^[A-Z0-9.]{1,32}$'),
    asset_class text NOT NULL CHECK (asset_class <> ''),
    currency text NOT NULL DEFAULT 'USD' CHECK (currency <> ''),
    ib_conid bigint UNIQUE CHECK (ib_conid > 0),
    webull_ticker text UNIQUE CHECK (webull_ticker <> ''),
    description text NOT NULL DEFAULT '',
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);

COMMENT ON TABLE janus.symbol_registry IS 'One row per instrument: its canonical name and the brokers'' own ids';
COMMENT ON COLUMN janus.symbol_registry.ib_conid IS 'Contract number at Interactive Brokers; NULL while unknown';
COMMENT ON COLUMN janus.symbol_registry.webull_ticker IS 'Ticker at Webull; NULL while unknown';

-- Who changed what, when, why and on what evidence. Rows are added and never touched again.
CREATE TABLE janus.symbol_history (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    symbol_id bigint NOT NULL REFERENCES janus.symbol_registry (id),
    changed_at timestamptz NOT NULL DEFAULT now(),
    field text NOT NULL,
    value_before text NOT NULL,
    value_after text NOT NULL,
    who text NOT NULL,
    why text NOT NULL,
    evidence text NOT NULL
);

CREATE INDEX symbol_history_by_symbol ON janus.symbol_history (symbol_id, id);

CREATE FUNCTION janus.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'table % is append-only', TG_TABLE_NAME;
END
$$;

CREATE TRIGGER symbol_history_is_append_only
    BEFORE UPDATE OR DELETE OR TRUNCATE ON janus.symbol_history
    FOR EACH STATEMENT EXECUTE FUNCTION janus.refuse_change();
