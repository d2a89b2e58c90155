#!lua
-- Gives a session its seat in a room that it has entered, and tells it so, in one step. Others are still to be told (`n:`).
-- KEYS: 1 session  2 outbox
-- ARGV: 1 room  2 seat (JSON)  3 packet  4 events to keep  5 epoch  6 opening event's content (JSON; '' not the opening)
--       7 revision of its entry  8 1 if it is in one room at a time
-- Returns { event's number, room to be left … } · -1 no such session · -2 fenced · -3 it is not about to enter
local state, epoch, aimed, seat =
  unpack(redis.call('HMGET', KEYS[1], 'state', 'epoch', 'x:' .. ARGV[1], 'r:' .. ARGV[1]))
if not state or state == 'ending' then return -1 end
if epoch ~= ARGV[5] then return -2 end
if not aimed and not seat then return -3 end
local answer = { 0 }
for _, field in ipairs(redis.call('HKEYS', KEYS[1])) do
  local kind, room = string.match(field, '^([rx]):(.*)$')
  if kind and room ~= ARGV[1] and (kind == 'x' or ARGV[8] == '1') then
    answer[#answer + 1] = room
    redis.call('HDEL', KEYS[1], 'r:' .. room)
    redis.call('HSET', KEYS[1], 'x:' .. room, '')
  end
end
if not seat then redis.call('HSET', KEYS[1], 'n:' .. ARGV[1], ARGV[7], 'w:' .. ARGV[1], ARGV[7]) end
redis.call('HDEL', KEYS[1], 'x:' .. ARGV[1])
redis.call('HSET', KEYS[1], 'r:' .. ARGV[1], ARGV[2])
if ARGV[6] ~= '' then redis.call('HSET', KEYS[1], 'opening', ARGV[6]) end
local number = redis.call('HINCRBY', KEYS[1], 'number', 1)
answer[1] = number
redis.call('XADD', KEYS[2], 'MAXLEN', '~', ARGV[4], '0-' .. number, 'p', ARGV[3])
redis.call('SPUBLISH', KEYS[2], number .. '\n{"in":' .. cjson.encode(ARGV[1]) .. ',"seat":' .. ARGV[2] .. '}\n' .. ARGV[3])
return answer
