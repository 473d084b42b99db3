-- People, their devices and what they want.

create table users (
  id uuid primary key,
  handle text not null unique check (handle ~ '^[a-z0-9_-]{1,40}$'),
  name text not null check (length(name) between 1 and 100),
  -- An SVG document, and a short hash of it that makes its address change with it.
  avatar text,
  avatar_hash text,
  created_at timestamptz not null,
  last_seen_at timestamptz,
  check ((avatar is null) = (avatar_hash is null))
);

create table devices (
  id uuid primary key,
  user_id uuid not null references users on delete cascade,
  name text not null check (length(name) between 1 and 60),
  kind text not null check (kind in ('desktop', 'phone', 'tablet', 'browser')),
  -- SHA-256 of the token in the device's cookie; the token itself is nowhere.
  token_hash bytea not null unique check (length(token_hash) = 32),
  created_at timestamptz not null,
  last_seen_at timestamptz not null
);
create index devices_by_user on devices (user_id);

create table settings (
  user_id uuid primary key references users on delete cascade,
  call_waiting boolean not null,
  do_not_disturb boolean not null,
  strangers text not null check (strangers in ('ring', 'silent', 'nothing'))
);

create table contacts (
  user_id uuid not null references users on delete cascade,
  contact_id uuid not null references users on delete cascade,
  favourite boolean not null default false,
  created_at timestamptz not null,
  primary key (user_id, contact_id),
  check (user_id <> contact_id)
);
create index contacts_by_contact on contacts (contact_id);

create table blocks (
  user_id uuid not null references users on delete cascade,
  blocked_id uuid not null references users on delete cascade,
  created_at timestamptz not null,
  primary key (user_id, blocked_id),
  check (user_id <> blocked_id)
);

-- Calls.

create table calls (
  id uuid primary key,
  -- Grows with every change: each change names the version it was made from.
  version integer not null default 1,
  initiator_id uuid not null references users on delete cascade,
  initiator_device_id uuid not null,
  callee_id uuid not null references users on delete cascade,
  call_type text not null check (call_type in ('video', 'audio')),
  state text not null check (
    state in ('ringing', 'connected', 'ended', 'missed', 'declined', 'cancelled', 'busy', 'failed')
  ),
  silent boolean not null,
  concealed boolean not null,
  created_at timestamptz not null,
  ring_limit_at timestamptz not null,
  ring_deadline_at timestamptz,
  -- When something has to happen to this call by itself (RING5, CALL2).
  next_deadline_at timestamptz,
  connected_at timestamptz,
  ended_at timestamptz,
  end_reason text check (
    end_reason in ('hangup', 'cancelled', 'declined', 'no_answer', 'busy', 'unavailable', 'connection_lost', 'media_failed')
  ),
  -- What the caller has sent while it rings (NEG2); nothing of it is left after the answer or the end.
  held jsonb,
  check (initiator_id <> callee_id),
  check ((state in ('ringing', 'connected')) = (ended_at is null)),
  check ((ended_at is null) = (end_reason is null)),
  check ((state = 'ringing') = (held is not null)),
  check ((state = 'ringing') = (ring_deadline_at is not null)),
  check (state <> 'connected' or connected_at is not null),
  check (state not in ('ringing', 'missed', 'declined', 'cancelled', 'busy', 'failed') or connected_at is null),
  check (ended_at is null or next_deadline_at is null)
);
create index calls_live on calls (id) where ended_at is null;
create index calls_due on calls (next_deadline_at) where next_deadline_at is not null;
-- RING7: of two people who dial each other only one call rings. A concealed call must not be felt by the callee.
create unique index calls_one_ringing_per_pair
  on calls (least(initiator_id, callee_id), greatest(initiator_id, callee_id))
  where state = 'ringing' and not concealed;
create unique index calls_one_ringing_per_callee on calls (initiator_id, callee_id) where state = 'ringing';
create unique index calls_one_ringing_per_device on calls (initiator_device_id) where state = 'ringing';

-- CALL2: a call has one end, whoever writes.
create function refuse_second_end() returns trigger language plpgsql as $$
begin
  raise exception 'call % has ended and cannot change', old.id using errcode = 'integrity_constraint_violation';
end
$$;
create trigger calls_end_once before update on calls
  for each row when (old.ended_at is not null) execute function refuse_second_end();

create table call_participants (
  call_id uuid not null references calls on delete cascade,
  device_id uuid not null,
  user_id uuid not null,
  position integer not null,
  role text not null check (role in ('caller', 'callee')),
  device_name text not null,
  device_kind text not null check (device_kind in ('desktop', 'phone', 'tablet', 'browser')),
  state text not null check (
    state in ('invited', 'ringing', 'joined', 'left', 'declined', 'missed', 'busy', 'elsewhere')
  ),
  online boolean,
  silent boolean,
  invited_at timestamptz not null,
  joined_at timestamptz,
  left_at timestamptz,
  media_state jsonb,
  flow text check (flow in ('connecting', 'flowing', 'lost')),
  silent_since_at timestamptz,
  primary key (call_id, device_id),
  check ((state in ('joined', 'left')) = (joined_at is not null)),
  check ((state in ('invited', 'ringing', 'joined')) = (left_at is null)),
  check ((state = 'joined') = (media_state is not null and flow is not null))
);
-- RING4: one winner, for ever.
create unique index call_participants_one_winner on call_participants (call_id)
  where role = 'callee' and joined_at is not null;
-- RING6: who is in a call.
create index call_participants_joined on call_participants (user_id) where state = 'joined';

create table idempotency (
  user_id uuid not null references users on delete cascade,
  key text not null,
  callee_id uuid not null,
  call_id uuid not null references calls on delete cascade,
  created_at timestamptz not null,
  primary key (user_id, key)
);
create index idempotency_by_age on idempotency (created_at);

-- HIST1: each user's own line for each call, so that a page is one range of one index.
create table call_history (
  user_id uuid not null references users on delete cascade,
  call_id uuid not null references calls on delete cascade,
  peer_id uuid not null references users on delete cascade,
  direction text not null check (direction in ('outgoing', 'incoming')),
  created_at timestamptz not null,
  -- Null while nobody has looked at it: stays so only for calls that were missed.
  seen_at timestamptz,
  deleted_at timestamptz,
  primary key (call_id, user_id)
);
create index call_history_page on call_history (user_id, created_at desc, call_id desc) where deleted_at is null;
create index call_history_page_with on call_history (user_id, peer_id, created_at desc, call_id desc)
  where deleted_at is null;
create index call_history_unseen on call_history (user_id) where seen_at is null and deleted_at is null;
