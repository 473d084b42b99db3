-- Group calls.

-- Guests: somebody without an account, for one call (GRP6).
alter table users add column guest boolean not null default false;
create index users_guests on users (created_at) where guest;

-- CALL3: a direct call can go on as a group call.
alter table calls drop constraint calls_end_reason_check;
alter table calls add constraint calls_end_reason_check check (
  end_reason in ('hangup', 'cancelled', 'declined', 'no_answer', 'busy', 'unavailable', 'connection_lost', 'media_failed', 'grown')
);

create table saved_groups (
  id uuid primary key,
  owner_id uuid not null references users on delete cascade,
  title text not null check (length(title) between 1 and 60),
  created_at timestamptz not null
);
create table saved_group_members (
  group_id uuid not null references saved_groups on delete cascade,
  user_id uuid not null references users on delete cascade,
  position integer not null,
  primary key (group_id, user_id)
);
create index saved_group_members_by_user on saved_group_members (user_id);

create table group_calls (
  id uuid primary key,
  -- Grows with every change: each change names the version it was made from.
  version integer not null default 1,
  initiator_id uuid not null references users on delete cascade,
  -- No reference: a call that is over does not change when its group is forgotten.
  saved_group_id uuid,
  -- CALL3: a direct call grows once.
  grew_from uuid unique,
  title text,
  call_type text not null check (call_type in ('video', 'audio')),
  -- The whole aggregate, checked when it is read.
  state jsonb not null,
  next_deadline_at timestamptz,
  created_at timestamptz not null,
  connected_at timestamptz,
  ended_at timestamptz,
  end_reason text,
  -- Which node forwards its media (GRP4); null: none does.
  media_node text,
  check ((ended_at is null) = (end_reason is null)),
  check (ended_at is null or next_deadline_at is null)
);
create index group_calls_live on group_calls (id) where ended_at is null;
create index group_calls_due on group_calls (next_deadline_at) where next_deadline_at is not null;
create index group_calls_of_saved on group_calls (saved_group_id) where ended_at is null;
-- CALL2: a call has one end, whoever writes.
create trigger group_calls_end_once before update on group_calls
  for each row when (old.ended_at is not null) execute function refuse_second_end();

-- What became of each of its people, beside the aggregate, to be found by user.
create table group_call_people (
  call_id uuid not null references group_calls on delete cascade,
  user_id uuid not null references users on delete cascade,
  position integer not null,
  status text not null check (
    status in ('ringing', 'joined', 'left', 'declined', 'missed', 'removed', 'waiting')
  ),
  guest boolean not null,
  joined_at timestamptz,
  left_at timestamptz,
  primary key (call_id, user_id)
);
create index group_call_people_live on group_call_people (user_id, call_id)
  where status in ('ringing', 'joined', 'waiting');

-- GRP1: a call for each key and user.
create table group_keys (
  user_id uuid not null references users on delete cascade,
  key text not null,
  request text not null,
  call_id uuid not null,
  created_at timestamptz not null,
  primary key (user_id, key)
);
create index group_keys_by_age on group_keys (created_at);

-- GRP6: only a hash of the secret is kept.
create table call_links (
  id uuid primary key,
  call_id uuid not null references group_calls on delete cascade,
  token_hash bytea not null unique check (length(token_hash) = 32),
  created_by uuid not null references users on delete cascade,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  revoked_at timestamptz,
  uses integer not null default 0
);
create index call_links_by_call on call_links (call_id);
-- For which call a guest is here.
create table guest_calls (
  user_id uuid primary key references users on delete cascade,
  call_id uuid not null references group_calls on delete cascade
);
create index guest_calls_by_call on guest_calls (call_id);

-- Calls of both kinds have lines in the history, changes to hand over and answers to remember.
alter table call_history drop constraint call_history_call_id_fkey;
alter table call_outbox drop constraint call_outbox_call_id_fkey;
alter table call_answers drop constraint call_answers_call_id_fkey;
