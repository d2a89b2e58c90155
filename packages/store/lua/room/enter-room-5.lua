#!lua flags=allow-oom
-- Puts a session into a room that clients name, and creates the room if need be. A user who is in it by another session
-- continues in this one, if this one's claim is not older. The members and the last messages are returned in the same
-- step, so that none is missed. Repeatable.
-- KEYS: 1 meta  2 peers  3 users  4 gone  5 chat
-- ARGV: 1 session  2 user  3 member (JSON)  4 flags  5 kind  6 dialect  7 now (ms)  8 capacity
--       9 existing ('1' only a room that is there)  10 history (messages to return)  11 attempt (of the session)
--       12 claim (its number)  13 lease (end of that of the session's node, ms; '' none)
-- Returns { 1 new, 2 there already, 3 instead of another session, room's revision, created (ms), 1 if this opened the
--   room, peers, messages } · { 0, attempt that is to be left first }
-- Errors: -2 fenced: by a newer session of the user, or a later attempt · -8 outdated: no such room · -9 full
--   · -10 leaseOver
local meta, peers, users, gone, chat = unpack(KEYS)
local session, user, member, flags, kind, dialect, now, capacity, existing, history, attempt, claim, lease = unpack(ARGV)
if isOver(lease) then return -10 end
local known, created = unpack(redis.call('HMGET', meta, 'kind', 'created'))
local there, left = redis.call('HGET', peers, session), redis.call('HGET', gone, session)
local other = tonumber(string.match(there or left or '', there and '^%d+ (%d+)' or '^%d+ %d+ (%d+)'))
if other and other > tonumber(attempt) then return -2 end
if left or (other and other < tonumber(attempt)) then return { 0, other } end
local newest, replaced = string.match(redis.call('HGET', users, user) or '', '^(%d+) (.*)$')
local outcome, opened = 1, 0
if there then
  outcome = 2
elseif known and redis.call('HLEN', peers) > 0 then
  if replaced then
    if tonumber(newest) > tonumber(claim) then return -2 end
    outcome = 3
  elseif redis.call('HLEN', peers) >= tonumber(capacity) then return -9 end
elseif existing == '1' then
  return -8
else
  opened = 1
end
if not known then
  created = now
  redis.call('HSET', meta, 'state', 'open', 'kind', kind, 'dialect', dialect, 'created', created, 'entries', 0,
    'revision', string.format('%.0f', tonumber(now) * 1000))
end
if outcome ~= 2 then
  redis.call('PERSIST', meta)
  redis.call('PERSIST', chat)
  redis.call('HSET', meta, 'changed', now)
  local revision = string.format('%.0f', redis.call('HINCRBY', meta, 'revision', 1))
  local entry = redis.call('HINCRBY', meta, 'entries', 1)
  local since = outcome == 3 and string.match(redis.call('HGET', peers, replaced), '^%d+ %d+ %d+ (%d+)') or revision
  if outcome == 3 then redis.call('HDEL', peers, replaced) end
  redis.call('HSET', peers, session, table.concat({ entry, attempt, revision, since, flags, member }, ' '))
  redis.call('HSET', users, user, claim .. ' ' .. session)
end
return { outcome, redis.call('HGET', meta, 'revision'), created, opened, redis.call('HGETALL', peers),
  redis.call('XREVRANGE', chat, '+', '-', 'COUNT', history) }
