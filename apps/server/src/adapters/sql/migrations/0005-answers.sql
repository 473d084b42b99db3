-- SES5: what a device was answered to a request that changed a call, written with the change, so that a repeat is answered
-- alike by a node that did not make it.
create table call_answers (
  device_id uuid not null,
  request_id text not null,
  call_id uuid not null references calls on delete cascade,
  answer jsonb not null,
  created_at timestamptz not null default now(),
  primary key (device_id, request_id)
);
create index call_answers_by_age on call_answers (created_at);
