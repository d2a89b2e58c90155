#!lua
-- Forgets that others are to be told of a session's change, if there has not been another since.
-- KEYS: 1 session
-- ARGV: 1 room  2 number of the note
-- Returns 1 · 0 there has been another
if redis.call('HGET', KEYS[1], 'n:' .. ARGV[1]) ~= ARGV[2] then return 0 end
redis.call('HDEL', KEYS[1], 'n:' .. ARGV[1])
return 1
