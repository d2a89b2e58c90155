#!lua
-- Tells a session where it stands in what concerns everyone: from the next entry on it hears all. With a room it has a seat there too.
-- KEYS: 1 session  2 outbox
-- ARGV: 1 epoch  2 id of the entry before  3 packet  4 events to keep  5 room ('' none)  6 seat (JSON)
--       7 opening event's content (JSON; '' not by one)  8 trace ('-' none)
-- Returns the event's number · -1 no such session · -2 fenced
local state, epoch = unpack(redis.call('HMGET', KEYS[1], 'state', 'epoch'))
if not state or state == 'ending' then return -1 end
if epoch ~= ARGV[1] then return -2 end
if ARGV[7] ~= '' then redis.call('HSET', KEYS[1], 'opening', ARGV[7]) end
local control = '{"follow":"' .. ARGV[2] .. '"'
if ARGV[5] ~= '' then
  redis.call('HSET', KEYS[1], 'r:' .. ARGV[5], ARGV[6])
  control = control .. ',"in":' .. cjson.encode(ARGV[5]) .. ',"seat":' .. ARGV[6]
end
local number = redis.call('HINCRBY', KEYS[1], 'number', 1)
redis.call('HSET', KEYS[1], 'feed', ARGV[2] .. ' ' .. number)
redis.call('XADD', KEYS[2], 'MAXLEN', '~', state == 'detached' and 8 * ARGV[4] or ARGV[4], '0-' .. number, ARGV[8], ARGV[3])
redis.call('SPUBLISH', KEYS[2], number .. '\n' .. control .. ',"trace":"' .. ARGV[8] .. '"}\n' .. ARGV[3])
return number
