#!lua
-- Forgets who has left a room, once the others have been told, if it is that leaving.
-- KEYS: 1 gone
-- ARGV: 1 session  2 revision of its leaving
-- Returns 1 · 0 it is another, or forgotten
local gone = redis.call('HGET', KEYS[1], ARGV[1])
if not gone or string.match(gone, '^%d+') ~= ARGV[2] then return 0 end
redis.call('HDEL', KEYS[1], ARGV[1])
return 1
