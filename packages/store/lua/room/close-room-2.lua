#!lua flags=allow-oom
-- Begins the end of a room: nothing can be posted to it any longer. A room that was not decided yet becomes void.
-- Repeatable.
-- KEYS: 1 meta  2 peers
-- ARGV: 1 remembered (how long a void room is, ms)
-- Returns { 'void' } or { 'closing', session to be taken out … }
local meta, peers = unpack(KEYS)
local remembered = unpack(ARGV)
local state = redis.call('HGET', meta, 'state')
if not state or state == 'void' then
  redis.call('HSET', meta, 'state', 'void')
  redis.call('PEXPIRE', meta, remembered)
  return { 'void' }
end
redis.call('HSET', meta, 'state', 'closing')
return { 'closing', unpack(redis.call('HKEYS', peers)) }
