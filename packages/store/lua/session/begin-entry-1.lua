#!lua
-- Notes in a session that it is about to enter a room: the intent, so that whoever ends the session takes it out of there. Each attempt
-- has a number of its own, by which what is done late for an earlier one is told from what is done for this one.
-- KEYS: 1 session
-- ARGV: 1 epoch  2 room
-- Returns { number of the attempt, 1 if it is in the room already, number of the note that others may not have been told so or 0 }
--   · 0 it is still to leave that room: leave it first · -1 no such session · -2 fenced
local state, epoch, seat, by, leaving, note =
  unpack(redis.call('HMGET', KEYS[1], 'state', 'epoch', 'r:' .. ARGV[2], 'i:' .. ARGV[2], 'x:' .. ARGV[2], 'n:' .. ARGV[2]))
if not state or state == 'ending' then return -1 end
if epoch ~= ARGV[1] then return -2 end
if leaving then return 0 end
if seat then return { tonumber(by), 1, tonumber(note or 0) } end
local attempt = redis.call('HINCRBY', KEYS[1], 'attempts', 1)
redis.call('HSET', KEYS[1], 'a:' .. ARGV[2], attempt)
return { attempt, 0, 0 }
