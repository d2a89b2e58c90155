#!lua flags=allow-oom
-- Begins to undo a reservation: the session waits again, with a new ticket number, so that the old assignment can't
-- reserve it any longer. A repetition gets the same answer until the reservation is forgotten, so the session is queued
-- again even if this process dies.
-- KEYS: 1 session
-- ARGV: 1 room
-- Returns { number of the ticket, epoch, 1 if connected else 0, what is needed to queue it again }
-- Errors: -1 unknown · -3 absent: it is not reserved, or was queued again and has been paired or withdrawn since
local session = unpack(KEYS)
local room = unpack(ARGV)
local state, epoch, reserved, ticket, number =
  unpack(redis.call('HMGET', session, 'state', 'epoch', RESERVATION .. room, 'ticket', REQUEUED .. room))
if not state or state == 'ending' then return -1 end
if not reserved then return -3 end
local queue = cjson.decode(reserved).queue
if number and ticket ~= queue .. ' ' .. number then return -3 end
if not number then
  number = redis.call('HINCRBY', session, 'asks', 1)
  redis.call('HSET', session, 'ticket', queue .. ' ' .. number, REQUEUED .. room, number)
end
return { tonumber(number), tonumber(epoch), state == 'live' and 1 or 0, reserved }
