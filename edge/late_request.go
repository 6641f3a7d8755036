package edge

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"sync/atomic"
	"time"
)

// lateListener accepts connections that answer a request whose header does not arrive within the server's
// ReadHeaderTimeout by 408. Package net/http closes them without an answer, which looks like a fault of the server to a
// client that was slow to write.
type lateListener struct{ net.Listener }

func (l lateListener) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return &lateConn{Conn: conn}, nil
}

// lateConn is a connection of a lateListener.
type lateConn struct {
	net.Conn
	// state is the http.ConnState.
	state atomic.Int32
	// started is true once a part of the next request was read.
	started atomic.Bool
}

// setConnState stores the state of a connection. It is the ConnState of a server with a lateListener.
func setConnState(conn net.Conn, state http.ConnState) {
	if c, ok := conn.(*lateConn); ok {
		c.state.Store(int32(state))
		if state == http.StateIdle {
			c.started.Store(false)
		}
	}
}

func (c *lateConn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	if n > 0 {
		c.started.Store(true)
	}
	if errors.Is(err, os.ErrDeadlineExceeded) && c.awaitsHeader() {
		c.answerLate()
	}
	return n, err
}

// awaitsHeader reports whether the server reads the header of a request. Between two requests, before a part of the next
// one was read, it does not.
func (c *lateConn) awaitsHeader() bool {
	state := http.ConnState(c.state.Load())
	return state == http.StateNew || state == http.StateIdle && c.started.Load()
}

// lateAnswer is the body of the answer.
const lateAnswer = "the header of the request did not arrive in time: send the request again\n"

// answerLate writes the answer. The server closes the connection afterwards.
func (c *lateConn) answerLate() {
	if c.SetWriteDeadline(time.Now().Add(time.Second)) == nil {
		fmt.Fprintf(c.Conn, "HTTP/1.1 408 Request Timeout\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s", len(lateAnswer), lateAnswer)
	}
	_ = c.CloseWrite()
}

// CloseWrite ends the responses, as of a net.TCPConn; the server calls it before it closes a connection with unread data.
func (c *lateConn) CloseWrite() error {
	if tcp, ok := c.Conn.(*net.TCPConn); ok {
		return tcp.CloseWrite()
	}
	return nil
}
