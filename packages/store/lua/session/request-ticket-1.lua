#!lua
-- Notes in a session that it is to wait in a queue: the intent that makes an interrupted enqueue repeatable. The
-- session is out of its rooms at once, and is no longer seated in one that it was reserved for; they become departures,
-- and the pair that it was in is noted as its last one.
-- That it waits has not been announced to it for this request.
-- KEYS: 1 session
-- ARGV: 1 epoch  2 queue  3 user  4 opening (content of the opening event, JSON)  5 now (ms)
-- Returns { number of the ticket, ticket that it replaces or '', room to be left … }
-- Errors: -1 unknown · -2 fenced
local session = unpack(KEYS)
local epoch, queue, user, opening, now = unpack(ARGV)
local state, current, replaced = unpack(redis.call('HMGET', session, 'state', 'epoch', 'ticket'))
if not state or state == 'ending' then return -1 end
if current ~= epoch then return -2 end
local number = redis.call('HINCRBY', session, 'asks', 1)
redis.call('HSET', session, 'ticket', queue .. ' ' .. number, 'user', user, 'opening', opening)
redis.call('HDEL', session, 'waiting')
local answer = { number, replaced or '' }
for _, field in ipairs(redis.call('HKEYS', session)) do
  local prefix, room = string.match(field, '^(%l:)(.*)$')
  local isHeld = prefix == SEAT or prefix == RESERVATION
  if isHeld or prefix == DEPARTURE then answer[#answer + 1] = room end
  if prefix == SEAT then notePairEnd(session, now, room, redis.call('HGET', session, field)) end
  if isHeld then
    redis.call('HDEL', session, field)
    redis.call('HSET', session, DEPARTURE .. room, '')
  end
end
return answer
