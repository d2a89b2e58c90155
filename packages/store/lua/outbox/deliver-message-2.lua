#!lua
-- Numbers what somebody said in a room for a session in that room, unless it was in what the session was given when it came in. Who is
-- about to be seated there is not told, but marked: it needs a list, and what was said last, that are as new.
-- It is not fenced: whether it counts was decided when it was kept.
-- KEYS: 1 session  2 outbox
-- ARGV: 1 room  2 packet  3 events to keep  4 revision of the room by which it was said
--       5 trace ('-' none)
-- Returns the number · 0 it has it already, or will have · -1 no such session · -3 not in that room
local state, seat, aimed, first, had = unpack(redis.call('HMGET', KEYS[1],
  'state', 'r:' .. ARGV[1], 'a:' .. ARGV[1], 'w:' .. ARGV[1], 's:' .. ARGV[1]))
if not state or state == 'ending' then return -1 end
local said = tonumber(ARGV[4])
if not seat and not aimed then return -3 end
if tonumber(had or 0) < said then redis.call('HSET', KEYS[1], 's:' .. ARGV[1], ARGV[4]) end -- no older list will do any more
if not seat or tonumber(first or 0) >= said then return 0 end
local number = redis.call('HINCRBY', KEYS[1], 'number', 1)
redis.call('XADD', KEYS[2], 'MAXLEN', '~', state == 'detached' and 8 * ARGV[3] or ARGV[3], '0-' .. number, ARGV[5], ARGV[2])
redis.call('SPUBLISH', KEYS[2], number .. '\n{"trace":"' .. ARGV[5] .. '"}\n' .. ARGV[2])
return number
