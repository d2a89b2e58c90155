#!lua
-- Begins the end of a room: nobody can speak in it any more. A room that was not decided yet is void then. Repeatable.
-- KEYS: 1 meta  2 peers
-- ARGV: 1 how long a void room is remembered (ms)
-- Returns { 'void' } or { 'closing', session … }
local state = redis.call('HGET', KEYS[1], 'state')
if not state or state == 'void' then
  redis.call('HSET', KEYS[1], 'state', 'void')
  redis.call('PEXPIRE', KEYS[1], ARGV[1])
  return { 'void' }
end
redis.call('HSET', KEYS[1], 'state', 'closing')
return { 'closing', unpack(redis.call('HKEYS', KEYS[2])) }
