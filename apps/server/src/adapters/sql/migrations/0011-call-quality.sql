-- HIST3: how a call was, as each device that was in it has found. Of direct and of group calls, which have no table in common.
create table call_quality (
  call_id uuid not null,
  device_id uuid not null,
  user_id uuid not null references users on delete cascade,
  seconds integer not null check (seconds > 0),
  quality jsonb not null,
  told_at timestamptz not null,
  primary key (call_id, device_id)
);
create index call_quality_by_user on call_quality (user_id, call_id);
