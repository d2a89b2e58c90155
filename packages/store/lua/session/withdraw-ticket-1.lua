#!lua flags=allow-oom
-- Takes back a session's request to be paired. A room that it was reserved for becomes a departure: it is no longer
-- seated there.
-- KEYS: 1 session
-- ARGV: 1 epoch
-- Returns { the ticket or '', room to be left … }
-- Errors: -1 unknown · -2 fenced
local session = unpack(KEYS)
local epoch = unpack(ARGV)
local state, current, ticket = unpack(redis.call('HMGET', session, 'state', 'epoch', 'ticket'))
if not state or state == 'ending' then return -1 end
if current ~= epoch then return -2 end
redis.call('HDEL', session, 'ticket')
local answer = { ticket or '' }
for _, field in ipairs(redis.call('HKEYS', session)) do
  local prefix, room = string.match(field, '^(%l:)(.*)$')
  if prefix == RESERVATION or prefix == DEPARTURE then answer[#answer + 1] = room end
  if prefix == RESERVATION then
    redis.call('HDEL', session, field)
    redis.call('HSET', session, DEPARTURE .. room, '')
  end
end
return answer
