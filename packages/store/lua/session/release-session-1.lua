#!lua
-- Begins to undo a reservation: the session waits again, with a new ticket number, so that the old assignment can't claim it any
-- more. Repeatable, with the same answer, until `unreserve`: so it is queued again even if whoever began this dies.
-- KEYS: 1 session
-- ARGV: 1 room
-- Returns { number of the ticket, epoch, 1 if connected else 0, what is needed to queue it again } · -1 gone · -3 not reserved
local state, epoch, pending, ticket, back =
  unpack(redis.call('HMGET', KEYS[1], 'state', 'epoch', 'p:' .. ARGV[1], 'ticket', 'b:' .. ARGV[1]))
if not state or state == 'ending' then return -1 end
if not pending then return -3 end
local queue = cjson.decode(pending).queue
if back and ticket ~= queue .. ' ' .. back then return -3 end -- it has been queued, and paired or withdrawn since
if not back then
  back = redis.call('HINCRBY', KEYS[1], 'asks', 1)
  redis.call('HSET', KEYS[1], 'ticket', queue .. ' ' .. back, 'b:' .. ARGV[1], back)
end
return { tonumber(back), tonumber(epoch), state == 'live' and 1 or 0, pending }
