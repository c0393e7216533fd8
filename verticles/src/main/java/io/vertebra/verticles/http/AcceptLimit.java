package io.vertebra.verticles.http;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.ServerChannel;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.InternetProtocolFamily;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.spi.transport.Transport;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;

/**
 * Bounds the connections of each server where they are accepted, before TLS or HTTP spend anything on them, and how much of
 * each is read at a time. A client that never ends its handshake counts too; further ones are closed at once. Thread-safe.
 */
public final class AcceptLimit implements io.vertx.core.transport.Transport {

    /** What the system keeps of a connection that we, or its client, do not read. */
    private static final int SOCKET_BYTES = 256 << 10;

    private static final int MOST_READ = 16 << 10;

    /**
     * One short read at a time: requests that come without waiting for answers are all taken apart once they are read, and
     * a short one takes six times its length then.
     */
    private static final RecvByteBufAllocator READS = limited();

    private final IntSupplier most;
    private final Map<String, Channel> open = new ConcurrentHashMap<>();
    private final Transport sockets = io.vertx.core.transport.Transport.NIO.implementation();

    /**
     * A transport over NIO.
     *
     * @param most connections at a time, asked for each one that comes
     */
    public AcceptLimit(IntSupplier most) {
        this.most = most;
    }

    private static RecvByteBufAllocator limited() {
        var reads = new AdaptiveRecvByteBufAllocator(64, 2_048, MOST_READ);
        return reads.maxMessagesPerRead(1);
    }

    /** Ends a connection at once; what its client has not taken is dropped. Any thread. */
    public void end(SocketAddress client) {
        var connection = open.get(client.hostAddress() + ":" + client.port());
        if (connection != null) {
            connection.eventLoop().execute(() -> connection.unsafe().close(connection.voidPromise()));
        }
    }

    private void opened(Channel connection) {
        if (connection.remoteAddress() instanceof InetSocketAddress client && client.getAddress() != null) {
            var name = client.getAddress().getHostAddress() + ":" + client.getPort();
            open.put(name, connection);
            connection.closeFuture().addListener(_ -> open.remove(name, connection));
        }
    }

    @Override
    public String name() {
        return "nio";
    }

    @Override
    public boolean available() {
        return true;
    }

    @Override
    public Throwable unavailabilityCause() {
        return null;
    }

    @Override
    public Transport implementation() {
        return new Limited();
    }

    /** NIO with a guard at the door of each server. */
    private final class Limited implements Transport {
        @Override
        public void configure(NetServerOptions options, boolean domainSocket, ServerBootstrap bootstrap) {
            sockets.configure(options, domainSocket, bootstrap);
            bootstrap.handler(new Door());
        }

        @Override
        public IoHandlerFactory ioHandlerFactory() {
            return sockets.ioHandlerFactory();
        }

        @Override
        public DatagramChannel datagramChannel() {
            return sockets.datagramChannel();
        }

        @Override
        @SuppressWarnings("deprecation") // Vert.x's interface has it
        public DatagramChannel datagramChannel(InternetProtocolFamily family) {
            return sockets.datagramChannel(family);
        }

        @Override
        public ChannelFactory<? extends Channel> channelFactory(boolean domainSocket) {
            return sockets.channelFactory(domainSocket);
        }

        @Override
        public ChannelFactory<? extends ServerChannel> serverChannelFactory(boolean domainSocket) {
            return sockets.serverChannelFactory(domainSocket);
        }
    }

    /** Counts what passes. */
    private final class Door extends ChannelInboundHandlerAdapter {
        private final AtomicInteger count = new AtomicInteger();

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            var connection = (Channel) message;
            if (count.incrementAndGet() > most.getAsInt()) {
                count.decrementAndGet();
                connection.unsafe().closeForcibly();
            } else {
                connection.config().setRecvByteBufAllocator(READS);
                connection.config().setOption(ChannelOption.SO_RCVBUF, SOCKET_BYTES);
                connection.config().setOption(ChannelOption.SO_SNDBUF, SOCKET_BYTES);
                connection.closeFuture().addListener(_ -> count.decrementAndGet());
                opened(connection);
                context.fireChannelRead(message);
            }
        }
    }
}
