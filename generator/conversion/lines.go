package conversion

import (
	"bufio"
	"errors"
	"io"
)

var errLongLine = errors.New("a line is longer than an object may be")

// lines reads line by line, whatever their length up to a limit.
type lines struct {
	reader *bufio.Reader
	limit  int64
	long   []byte
}

// next gives a line with its line break, valid until the next call, or io.EOF.
func (l *lines) next() ([]byte, error) {
	text, err := l.reader.ReadSlice('\n')
	if errors.Is(err, bufio.ErrBufferFull) {
		l.long = append(l.long[:0], text...)
		for errors.Is(err, bufio.ErrBufferFull) {
			if int64(len(l.long)) > l.limit {
				return nil, errLongLine
			}
			text, err = l.reader.ReadSlice('\n')
			l.long = append(l.long, text...)
		}
		text = l.long
	}
	if errors.Is(err, io.EOF) && len(text) > 0 {
		return text, nil
	}
	return text, err
}
