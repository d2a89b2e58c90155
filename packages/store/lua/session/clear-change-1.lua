#!lua flags=allow-oom
-- Removes the note that others are to be notified of a session's change, unless there has been another change since.
-- KEYS: 1 session
-- ARGV: 1 room  2 note (its number)
-- Returns 1 · 0 there has been another change
local session = unpack(KEYS)
local room, note = unpack(ARGV)
if redis.call('HGET', session, UNANNOUNCED .. room) ~= note then return 0 end
redis.call('HDEL', session, UNANNOUNCED .. room)
return 1
