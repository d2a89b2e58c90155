#!lua
-- Reserves a session for a room, if it still waits with the very ticket that was paired. A session holds at most one ticket and gives
-- it up here: so it is in at most one pair, however many assignments name it. One that is not connected is reserved too, so that what
-- undoes it is the same for all and can't be overtaken by a late repetition.
-- KEYS: 1 session
-- ARGV: 1 room  2 ticket  3 what is needed to queue it again (JSON)
-- Returns 1 reserved (or already) · 0 the same, but not connected now · -1 gone, or waiting no more
local state, ticket, pending, seat = unpack(redis.call('HMGET', KEYS[1], 'state', 'ticket', 'p:' .. ARGV[1], 'r:' .. ARGV[1]))
if not state or state == 'ending' then return -1 end
if seat then return 1 end
if not pending then
  if ticket ~= ARGV[2] then return -1 end
  redis.call('HDEL', KEYS[1], 'ticket')
  redis.call('HSET', KEYS[1], 'p:' .. ARGV[1], ARGV[3])
end
return state == 'live' and 1 or 0
