-- Public keys for end-to-end encryption: what people's devices say of themselves. The server has no use for them but to hand them on.

create table identity_keys (
  user_id uuid primary key references users on delete cascade,
  public_key bytea not null check (length(public_key) = 32),
  made_at timestamptz not null
);

create table device_keys (
  device_id uuid primary key references devices on delete cascade,
  public_key bytea not null check (length(public_key) = 32),
  certificate bytea check (length(certificate) = 73),
  -- IDN2: by which identity key: a certificate that came while that was being replaced is not handed out.
  certified_by bytea check (length(certified_by) = 32),
  published_at timestamptz not null,
  check ((certificate is null) = (certified_by is null))
);
