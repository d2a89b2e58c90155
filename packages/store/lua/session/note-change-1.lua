#!lua flags=allow-oom
-- Notes in a session that the others in its room are to be notified of a change of its own, until they have been.
-- KEYS: 1 session
-- ARGV: 1 epoch  2 room
-- Returns { number of the note, 1 if an earlier one was still open }
-- Errors: -1 unknown · -2 fenced · -3 absent: it is not in that room
local session = unpack(KEYS)
local epoch, room = unpack(ARGV)
local state, current, seat, note =
  unpack(redis.call('HMGET', session, 'state', 'epoch', SEAT .. room, UNANNOUNCED .. room))
if not state or state == 'ending' then return -1 end
if current ~= epoch then return -2 end
if not seat then return -3 end
local number = redis.call('HINCRBY', session, 'attempts', 1)
redis.call('HSET', session, UNANNOUNCED .. room, number)
return { number, note and 1 or 0 }
