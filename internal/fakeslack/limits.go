package fakeslack

import (
	"time"
)

// tier is a method's rate class: the calls a minute that docs promise for the
// method in one workspace.
type tier int

const (
	tierSpecial tier = 0
	tier2       tier = 20
	tier3       tier = 50
	tier4       tier = 100
)

// bucket is a token bucket on the workspace's clock.
type bucket struct {
	tokens float64
	last   time.Time
}

// take uses one token, or says how long until there is one.
func (b *bucket) take(now time.Time, size, perSecond float64) time.Duration {
	if b.last.IsZero() {
		b.tokens = size
	} else if now.After(b.last) {
		b.tokens = min(size, b.tokens+now.Sub(b.last).Seconds()*perSecond)
	}
	b.last = now
	if b.tokens >= 1 {
		b.tokens--
		return 0
	}
	return time.Duration((1 - b.tokens) / perSecond * float64(time.Second))
}

// pacer holds posts to one a second for each channel, and methods to their tiers.
type pacer struct {
	burst    int
	minute   int // posts a minute over all channels; 0 is any number
	tiers    bool
	channels map[string]*bucket
	methods  map[string]*bucket
}

func newPacer(opt Options) *pacer {
	return &pacer{burst: opt.PostBurst, minute: opt.PostsPerMinute, tiers: opt.EnforceTiers, channels: map[string]*bucket{}, methods: map[string]*bucket{}}
}

// post admits a message to a channel or refuses it with the time to wait.
func (p *pacer) post(channel string, now time.Time) error {
	if p.burst >= 0 {
		if err := admit(p.channels, channel, now, float64(p.burst), 1); err != nil {
			return err
		}
	}
	if p.minute == 0 {
		return nil
	}
	return admit(p.methods, "chat.postMessage", now, float64(p.minute), float64(p.minute)/time.Minute.Seconds())
}

func (p *pacer) tier(name string, t tier, now time.Time) error {
	if !p.tiers || t == tierSpecial {
		return nil
	}
	return admit(p.methods, name, now, float64(t), float64(t)/time.Minute.Seconds())
}

func admit(buckets map[string]*bucket, key string, now time.Time, size, perSecond float64) error {
	b := buckets[key]
	if b == nil {
		b = &bucket{}
		buckets[key] = b
	}
	if wait := b.take(now, size, perSecond); wait > 0 {
		return rateLimited(wait)
	}
	return nil
}
