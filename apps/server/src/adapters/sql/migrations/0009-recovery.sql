-- IDN5: identities under recovery codes, which the server never sees: it cannot read them.

create table recoveries (
  user_id uuid primary key references users on delete cascade,
  -- Whose secret is wrapped: one of an identity that was replaced is of no use and not handed out.
  identity_key bytea not null check (length(identity_key) = 32),
  wrapped bytea not null check (length(wrapped) = 93),
  made_at timestamptz not null
);
