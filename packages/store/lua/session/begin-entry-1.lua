#!lua
-- Notes in a session that it is about to enter a room: the intent, so that ending the session takes it out of there.
-- Attempts are numbered, so that a late step of an earlier attempt can be recognised and ignored.
-- KEYS: 1 session
-- ARGV: 1 epoch  2 room
-- Returns { number of the attempt, 1 if it is in the room already, note that the others may not know of that yet or 0 }
--   · 0 it is still to leave that room: leave it first
-- Errors: -1 unknown · -2 fenced
local session = unpack(KEYS)
local epoch, room = unpack(ARGV)
local state, current, seat, entry, departure, note = unpack(redis.call('HMGET', session,
  'state', 'epoch', SEAT .. room, ENTRY .. room, DEPARTURE .. room, UNANNOUNCED .. room))
if not state or state == 'ending' then return -1 end
if current ~= epoch then return -2 end
if departure then return 0 end
if seat then return { tonumber(entry), 1, tonumber(note or 0) } end
local attempt = redis.call('HINCRBY', session, 'attempts', 1)
redis.call('HSET', session, PENDING_ENTRY .. room, attempt)
return { attempt, 0, 0 }
