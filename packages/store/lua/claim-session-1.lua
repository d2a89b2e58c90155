#!lua
-- Reserves a session for a room, if it is live and still waits with the very ticket that was paired. A session holds at most one
-- ticket and gives it up here: so it is in at most one pair, however many assignments name it.
-- KEYS: 1 session
-- ARGV: 1 room  2 ticket  3 what is needed to queue it again (JSON)
-- Returns { 1, epoch } reserved (or already) · { 0, epoch } not connected now · -1 gone, or waiting no more
local state, epoch, ticket, pending, seat =
  unpack(redis.call('HMGET', KEYS[1], 'state', 'epoch', 'ticket', 'p:' .. ARGV[1], 'r:' .. ARGV[1]))
if not state or state == 'ending' then return -1 end
if pending or seat then return { 1, tonumber(epoch) } end
if ticket ~= ARGV[2] then return -1 end
if state ~= 'live' then return { 0, tonumber(epoch) } end
redis.call('HDEL', KEYS[1], 'ticket')
redis.call('HSET', KEYS[1], 'p:' .. ARGV[1], ARGV[3])
return { 1, tonumber(epoch) }
