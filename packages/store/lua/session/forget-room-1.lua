#!lua flags=allow-oom
-- Forgets a room that a session has left, or could not enter, with all that it knew of the room; unless it has begun to
-- enter it again.
-- KEYS: 1 session
-- ARGV: 1 room  2 attempt (up to which it was left)
-- Returns 1 · 0 there is nothing to forget
local session = unpack(KEYS)
local room, attempt = unpack(ARGV)
local departure, pending = unpack(redis.call('HMGET', session, DEPARTURE .. room, PENDING_ENTRY .. room))
local last = tonumber(departure or pending)
if not last or last > tonumber(attempt) then return 0 end
redis.call('HDEL', session, PENDING_ENTRY .. room, ENTRY .. room, UNANNOUNCED .. room, MESSAGE_REVISION .. room,
  LIST_REVISION .. room, ADMISSION_REVISION .. room, DEPARTURE .. room)
local fields, isElsewhere = redis.call('HKEYS', session), false
for _, field in ipairs(fields) do
  local prefix, subject = string.match(field, '^(%l:)(.*)$')
  if prefix == SEAT then isElsewhere = true end
  if prefix == MEMBER_REVISION and string.match(subject, '^(.*)\n') == room then redis.call('HDEL', session, field) end
end
for _, field in ipairs(fields) do
  if string.sub(field, 1, 2) == FENCE and not isElsewhere then redis.call('HDEL', session, field) end
end
return 1
