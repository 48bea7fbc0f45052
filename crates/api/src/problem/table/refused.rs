//! Rows of the codes with status 400 to 408: the request cannot be read, or the caller may not.
//!
//! For: the wording, in both languages. Not for: anything that is computed.

use super::{Code, Row};

pub(super) const ROWS: &[Row] = &[
    Row {
        code: Code::MalformedJson,
        name: "malformed_json",
        status: 400,
        title_vi: "JSON không đúng cú pháp",
        title_en: "Malformed JSON",
        text_vi: "Nội dung gửi lên không phải là JSON hợp lệ, bị cắt giữa chừng hoặc lồng quá sâu. \
            `detail` nêu vị trí gặp lỗi đầu tiên. Hãy sửa nội dung rồi gửi lại; gửi lại nguyên văn \
            sẽ nhận cùng một lỗi.",
        text_en: "The request body is not valid JSON, is cut short or is nested too deeply. \
            `detail` gives the place of the first fault. Correct the body and send it again; the \
            same bytes will get the same answer.",
    },
    Row {
        code: Code::MalformedRequest,
        name: "malformed_request",
        status: 400,
        title_vi: "Yêu cầu không đọc được",
        title_en: "Malformed request",
        text_vi: "Đường dẫn, chuỗi truy vấn hoặc một tiêu đề HTTP có giá trị không đọc được: không \
            phải UTF-8, mã hóa phần trăm sai hoặc sai định dạng quy định. `detail` cho biết phần \
            bị lỗi. Hãy sửa cách tạo yêu cầu trong ứng dụng rồi gửi lại.",
        text_en: "The path, the query string or a header holds a value that cannot be read: it is \
            not UTF-8, is wrongly percent-encoded or has the wrong form. `detail` says which part. \
            Correct how the client builds the request, then send it again.",
    },
    Row {
        code: Code::UnknownParameter,
        name: "unknown_parameter",
        status: 400,
        title_vi: "Tham số không được hỗ trợ",
        title_en: "Unknown parameter",
        text_vi: "Chuỗi truy vấn có tham số, trường lọc hoặc phép so sánh mà đường dẫn này không \
            khai báo. Hệ thống không bỏ qua tham số lạ, vì một bộ lọc gõ sai sẽ làm kết quả rộng \
            hơn dự kiến. `errors` nêu tên bị từ chối và các tên được phép; hãy bỏ hoặc sửa tên đó.",
        text_en: "The query string holds a parameter, filter field or operator that this route \
            does not declare. Unknown parameters are never ignored, because a mistyped filter \
            would widen the result. `errors` gives the name that was refused and those that are \
            allowed; remove or correct it.",
    },
    Row {
        code: Code::ParameterInvalid,
        name: "parameter_invalid",
        status: 400,
        title_vi: "Giá trị tham số không hợp lệ",
        title_en: "Invalid parameter value",
        text_vi: "Một tham số được hỗ trợ nhưng mang giá trị không thể nhận: sai kiểu, ngoài \
            khoảng cho phép, không có trong danh sách giá trị, hoặc bị lặp lại. `errors` nêu từng \
            tham số cùng lý do. Hãy sửa giá trị theo tài liệu API rồi gửi lại.",
        text_en: "A parameter is known, but its value cannot be taken: it is of the wrong type, \
            out of range, not in the list of values, or given twice. `errors` names each parameter \
            and the reason. Correct the value by the API reference and send the request again.",
    },
    Row {
        code: Code::CursorInvalid,
        name: "cursor_invalid",
        status: 400,
        title_vi: "Con trỏ phân trang không hợp lệ",
        title_en: "Invalid page cursor",
        text_vi: "Giá trị của `page[after]` hoặc `page[before]` bị hỏng, hoặc được cấp cho một \
            danh sách, bộ lọc hay cách sắp xếp khác. Hãy dùng nguyên vẹn con trỏ nhận trong `page` \
            hoặc tiêu đề `Link` và giữ nguyên các tham số còn lại. Nếu đã đổi bộ lọc hoặc cách sắp \
            xếp, hãy đọc lại từ trang đầu.",
        text_en: "The value of `page[after]` or `page[before]` is damaged, or was issued for \
            another list, filter or sort order. Use the cursor from `page` or from the `Link` \
            header unchanged, and keep the other parameters as they were. After a change of filter \
            or sort order, read again from the first page.",
    },
    Row {
        code: Code::IdempotencyKeyInvalid,
        name: "idempotency_key_invalid",
        status: 400,
        title_vi: "Khóa chống gửi trùng không hợp lệ",
        title_en: "Invalid idempotency key",
        text_vi: "Tiêu đề `Idempotency-Key` sai định dạng, quá dài, bị lặp lại, hoặc bị thiếu ở \
            nơi bắt buộc phải có. Hãy tạo một giá trị ngẫu nhiên, chẳng hạn một UUID, cho mỗi thao \
            tác và chỉ dùng lại khi gửi lại đúng thao tác đó.",
        text_en: "The `Idempotency-Key` header is malformed, too long, repeated, or missing where \
            it is required. Make a random value, for example a UUID, for each operation, and use \
            it again only to repeat that very operation.",
    },
    Row {
        code: Code::Unauthenticated,
        name: "unauthenticated",
        status: 401,
        title_vi: "Chưa đăng nhập",
        title_en: "Not signed in",
        text_vi: "Đường dẫn này chỉ dành cho người đã đăng nhập, nhưng yêu cầu không kèm thông tin \
            xác thực. Hãy đăng nhập rồi gửi mã truy cập trong tiêu đề `Authorization` theo kiểu \
            `Bearer`.",
        text_en: "This route is for signed-in users, and the request carries no credential. Sign \
            in, then send the access token in the `Authorization` header with the scheme `Bearer`.",
    },
    Row {
        code: Code::TokenInvalid,
        name: "token_invalid",
        status: 401,
        title_vi: "Mã truy cập không có hiệu lực",
        title_en: "Invalid token",
        text_vi: "Mã truy cập hoặc mã làm mới (refresh token) sai định dạng, đã hết hạn, hoặc \
            phiên của nó đã kết thúc do đăng xuất, đổi mật khẩu hay tạm khóa tài khoản. Lỗi này \
            được trả về cả trên đường dẫn công khai: một mã hỏng không bao giờ được coi là khách. \
            Hãy làm mới mã một lần; nếu vẫn bị từ chối, hãy bỏ các mã đang giữ và đăng nhập lại.",
        text_en: "The access or refresh token is malformed or has expired, or its session was \
            ended by a sign-out, a change of password or a suspension. Public routes answer this \
            too: a bad token never counts as an anonymous visitor. Refresh once; if that is \
            refused, drop the tokens and sign in again.",
    },
    Row {
        code: Code::CredentialsInvalid,
        name: "credentials_invalid",
        status: 401,
        title_vi: "Đăng nhập không thành công",
        title_en: "Sign-in failed",
        text_vi: "Địa chỉ thư điện tử hoặc mật khẩu không đúng, hoặc tài khoản không được phép \
            đăng nhập. Hệ thống cố ý không cho biết nguyên nhân nào. Hãy kiểm tra lại trước khi \
            thử tiếp, vì các lần sai liên tiếp sẽ bị giới hạn; nếu quên mật khẩu, hãy đề nghị quản \
            trị viên cấp liên kết đặt lại.",
        text_en: "The e-mail address or the password is wrong, or the account may not sign in. \
            Which of these it is stays untold on purpose. Check both before trying again, since \
            repeated failures are limited; for a forgotten password, ask an administrator for a \
            password link.",
    },
    Row {
        code: Code::Forbidden,
        name: "forbidden",
        status: 403,
        title_vi: "Không có quyền thực hiện",
        title_en: "Not permitted",
        text_vi: "Người dùng được xem đối tượng này nhưng không có vai trò cần thiết để thực hiện \
            thao tác, hoặc chỉ có quyền ở những chuyên mục khác. Gửi lại không thay đổi kết quả. \
            Hãy đề nghị quản trị viên của trang cấp vai trò, hoặc chuyển việc cho người có thẩm \
            quyền.",
        text_en: "The user may see this object, but has no role that permits the operation, or \
            only one limited to other sections. Sending the request again changes nothing. Ask the \
            site's administrator for the role, or hand the task to someone who has it.",
    },
    Row {
        code: Code::NotFound,
        name: "not_found",
        status: 404,
        title_vi: "Không tìm thấy",
        title_en: "Not found",
        text_vi: "Đường dẫn hoặc đối tượng này không tồn tại, chưa được công bố, không có bản dịch \
            ở ngôn ngữ yêu cầu, hoặc nằm ngoài phạm vi người gọi được biết. Các trường hợp đó được \
            trả lời giống nhau. Hãy kiểm tra lại địa chỉ và mã định danh; nếu cần xem nội dung \
            chưa công bố, hãy dùng tài khoản có quyền.",
        text_en: "The route or the object does not exist, is not published, has no translation in \
            the language asked for, or is not for the caller to know of. All of these are answered \
            alike. Check the address and the id; to read what is not published, use an account \
            that may.",
    },
    Row {
        code: Code::MethodNotAllowed,
        name: "method_not_allowed",
        status: 405,
        title_vi: "Phương thức không được hỗ trợ",
        title_en: "Method not allowed",
        text_vi: "Đường dẫn có tồn tại nhưng không nhận phương thức HTTP này. Tiêu đề `Allow` liệt \
            kê các phương thức được phép. Hãy đối chiếu với tài liệu API và sửa ứng dụng.",
        text_en: "The route exists, but does not take this HTTP method. The `Allow` header lists \
            those it takes. Compare the request with the API reference and correct the client.",
    },
    Row {
        code: Code::RequestTimeout,
        name: "request_timeout",
        status: 408,
        title_vi: "Gửi yêu cầu quá chậm",
        title_en: "Request took too long to arrive",
        text_vi: "Nội dung gửi lên không đến đủ trong thời gian máy chủ chờ, nên yêu cầu bị bỏ và \
            chưa có gì được ghi. Hãy kiểm tra đường truyền rồi gửi lại.",
        text_en: "The body did not arrive within the time that the server waits, so the request \
            was given up and nothing was written. Check the connection and send it again.",
    },
];
