#!lua flags=allow-oom
-- Lists a room among those of its dialect. Repeatable.
-- KEYS: 1 rooms
-- ARGV: 1 room
-- Returns how many were added
local rooms = unpack(KEYS)
local room = unpack(ARGV)
return redis.call('SADD', rooms, room)
