-- What follows from a change and is not handed over yet: written with the change, removed when it is done, so that another
-- node does it when the one that made the change has died in between.
create table call_outbox (
  call_id uuid not null references calls on delete cascade,
  version integer not null,
  effects jsonb not null,
  created_at timestamptz not null default now(),
  primary key (call_id, version)
);
create index call_outbox_by_age on call_outbox (created_at);
