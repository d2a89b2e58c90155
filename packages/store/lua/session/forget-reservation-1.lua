#!lua flags=allow-oom
-- Forgets a reservation that was undone.
-- KEYS: 1 session
-- ARGV: 1 room
-- Returns how many fields were removed
local session = unpack(KEYS)
local room = unpack(ARGV)
return redis.call('HDEL', session, RESERVATION .. room, REQUEUED .. room)
