#!lua flags=allow-oom
-- Takes a session out of a room that clients name. The leaving is kept until the remaining members were notified; a
-- repetition until then gets the same answer. A room that the last member has left is removed, at once or after a
-- while.
-- KEYS: 1 meta  2 peers  3 users  4 gone  5 chat
-- ARGV: 1 session  2 linger (how long an empty room stays, ms)  3 now (ms)
--       4 attempt (a later one has entered again, and stays)
-- Returns { revision of the leaving, entry that the session had, room's revision, peers }
-- Errors: -3 absent: the session is not in that room by this attempt or an earlier one
local meta, peers, users, gone, chat = unpack(KEYS)
local session, linger, now, attempt = unpack(ARGV)
local entry, left = redis.call('HGET', peers, session), redis.call('HGET', gone, session)
local entered = string.match(entry or left or '', entry and '^%d+ (%d+)' or '^%d+ %d+ (%d+)')
if not entered or tonumber(entered) > tonumber(attempt) then return -3 end
if entry then
  redis.call('HSET', meta, 'changed', now)
  left = string.format('%.0f', redis.call('HINCRBY', meta, 'revision', 1)) .. ' ' .. entry
  redis.call('HDEL', peers, session)
  redis.call('HDEL', meta, FENCE .. session)
  local user = cjson.decode(string.match(entry, '^%d+ %d+ %d+ %d+ %S* (.*)$')).user
  local holder = string.match(redis.call('HGET', users, user) or '', '^%d+ (.*)$')
  if holder == session then redis.call('HDEL', users, user) end
  if redis.call('HLEN', peers) > 0 then
    redis.call('HSET', gone, session, left)
  else
    redis.call('DEL', users, gone)
    if linger == '0' then
      redis.call('DEL', meta, chat)
    else
      redis.call('PEXPIRE', meta, linger)
      redis.call('PEXPIRE', chat, linger)
    end
  end
end
local revision, had = string.match(left, '^(%d+) (.*)$')
return { revision, had, redis.call('HGET', meta, 'revision') or revision, redis.call('HGETALL', peers) }
